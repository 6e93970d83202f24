#include "base/doing.h"
#include "engine/dialect.h"
#include "engine/fault.h"
#include "engine/json_fields.h"
#include "engine/objects.h"
#include "engine/registry_header.h"
#include "engine/socket_engine.h"
#include "engine/url.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace fresh::engine {
namespace {

using nlohmann::json;

/// What a pull asks for, in the words of the dialect.
Query pull_query(const PullRequest& wanted, bool podman) {
  Query query;
  if (podman) {
    query.add("reference", wanted.reference).add("policy", "always");
    // Said at all, it beats what registries.conf says of this registry.
    if (!wanted.verify_tls) {
      query.add("tlsVerify", false);
    }
    const auto slash = wanted.platform.find('/');
    if (slash != std::string::npos) {
      const auto second = wanted.platform.find('/', slash + 1);
      query.add("os", wanted.platform.substr(0, slash));
      query.add("arch", wanted.platform.substr(slash + 1, second - slash - 1));
      if (second != std::string::npos) {
        query.add("variant", wanted.platform.substr(second + 1));
      }
    }
  } else {
    const auto [name, tag] = split_tag(wanted.reference);
    query.add("fromImage", name);
    if (!tag.empty()) {
      query.add("tag", tag);
    }
    if (!wanted.platform.empty()) {
      query.add("platform", wanted.platform);
    }
  }
  return query;
}

/// What an error line of a stream says, or empty.
std::string stream_error(const json& line) {
  if (auto text = text_at(line, "errorDetail/message"); !text.empty()) {
    return text;
  }
  return text_at(line, "error");
}

}  // namespace

std::string SocketEngine::auth_header(const std::optional<RegistryAuth>& auth,
                                      const std::string& reference) const {
  return registry_auth(auth, podman() && !image_name(reference).names_registry);
}

EngineError SocketEngine::with_login(const EngineError& error, const std::string& reference,
                                     const FoundCredentials& found) const {
  // Podman reads the files of its own user where it is sent nothing, and a broken one stops it.
  const bool stumbles =
      found.passed_over && error.message().find("getting username and password") != std::string::npos;
  if (error.fault() != Fault::unauthorized && !stumbles) {
    return error;
  }
  return {error.code(), error.fault(), error.status(), error.message(),
          credentials_.remedy(reference, found)};
}

std::optional<Image> SocketEngine::find_image(const std::string& reference, const Call& call) {
  const auto answer = find_json(native(fmt::format("/images/{}/json", path_part(reference))),
                                fmt::format("looking for image '{}'", reference), call);
  return answer ? std::optional(image_from(*answer)) : std::nullopt;
}

std::vector<Image> SocketEngine::list_images(const Labels& labels, const Call& call) {
  const auto query = Query().add("filters", label_filter(labels)).text();
  std::vector<Image> images;
  const auto answer = get_json(native("/images/json" + query), "listing images", call);
  for (const auto& entry : answered_list(answer)) {
    images.push_back(listed_image_from(entry));
  }
  std::sort(images.begin(), images.end(), [](const auto& a, const auto& b) {
    return std::tie(a.tags, a.id.hex) < std::tie(b.tags, b.id.hex);
  });
  return images;
}

ImageId SocketEngine::pull(const PullRequest& wanted, const ProgressSink& progress, const Call& call) {
  if (wanted.auth) {
    return pull_as_told(wanted, progress, call);
  }
  const Budget budget(call);
  const auto found = credentials_.find(wanted.reference, call);
  PullRequest own = wanted;
  own.auth = found.auth;
  try {
    return pull_as_told(own, progress, budget.left());
  } catch (const EngineError& error) {
    throw with_login(error, wanted.reference, found);
  }
}

ImageId SocketEngine::pull_as_told(const PullRequest& wanted, const ProgressSink& progress,
                                   const Call& call) {
  const Budget budget(call);
  const auto what = fmt::format("pulling image '{}'", wanted.reference);
  const base::Doing doing(what);
  const Query query = pull_query(wanted, podman());
  Request request = post((podman() ? native("/images/pull") : docker("/images/create")) + query.text(), {});
  if (wanted.auth) {
    request.headers["X-Registry-Auth"] = auth_header(wanted.auth, wanted.reference);
  }
  std::string error;
  std::string id;
  bool complete = false;
  json_lines(
      std::move(request), what,
      [&](const json& line) {
        if (auto text = stream_error(line); !text.empty()) {
          error = std::move(text);
        }
        if (podman()) {
          if (auto text = text_at(line, "stream"); !text.empty() && progress) {
            text.erase(text.find_last_not_of('\n') + 1);
            progress(text);
          }
          if (auto found = text_at(line, "id"); !found.empty()) {
            id = std::move(found);
            complete = true;
          }
          return;
        }
        const auto status = text_at(line, "status");
        complete = complete || status.starts_with("Status: ");
        if (!status.empty() && progress && !at(line, "progressDetail").contains("current")) {
          const auto layer = text_at(line, "id");
          progress(layer.empty() ? status : layer + ": " + status);
        }
      },
      budget.left());
  if (!error.empty()) {
    throw refusal(200, what, error);
  }
  if (!complete) {
    throw EngineError(base::ExitCode::machine, Fault::cut, 200,
                      fmt::format("{} broke off: the engine did not say that it is done", what),
                      "look whether the engine was stopped, then try again");
  }
  if (podman()) {
    return image_id_from(id);
  }
  const auto image = find_image(wanted.reference, budget.left());
  if (!image) {
    throw refusal(200, what, "the engine says it is done, yet has no such image");
  }
  return image->id;
}

std::vector<std::string> SocketEngine::load_image(const std::string& archive_file, const Call& call) {
  const auto what = fmt::format("loading images from '{}'", archive_file);
  Request request = post(podman() ? native("/images/load") : docker("/images/load?quiet=1"), {});
  request.body_file = archive_file;
  request.content_type = "application/x-tar";
  std::vector<std::string> names;
  std::string error;
  json_lines(
      std::move(request), what,
      [&](const json& line) {
        if (auto text = stream_error(line); !text.empty()) {
          error = std::move(text);
        }
        for (auto& name : texts_at(line, "Names")) {
          names.push_back(std::move(name));
        }
        auto text = text_at(line, "stream");
        text.erase(text.find_last_not_of('\n') + 1);
        for (const std::string prefix : {"Loaded image: ", "Loaded image ID: "}) {
          if (text.starts_with(prefix)) {
            names.push_back(text.substr(prefix.size()));
          }
        }
      },
      call);
  if (!error.empty()) {
    throw refusal(200, what, error);
  }
  if (names.empty()) {
    throw EngineError(base::ExitCode::machine, Fault::cut, 200,
                      fmt::format("{} broke off: the engine named no image", what),
                      "check that the file is a docker-archive");
  }
  std::sort(names.begin(), names.end());
  return names;
}

void SocketEngine::save_image(const std::string& reference, const ByteSink& sink, const Call& call) {
  Request request;
  request.method = "GET";
  request.target =
      native(fmt::format("/images/{}/get{}", path_part(reference), podman() ? "?format=docker-archive" : ""));
  request.on_body = sink;
  expect(request, fmt::format("saving image '{}'", reference), call);
}

void SocketEngine::tag_image(const std::string& reference, const std::string& new_tag, const Call& call) {
  const auto [name, tag] = split_tag(new_tag);
  const auto query = Query().add("repo", name).add("tag", tag).text();
  expect(post(native(fmt::format("/images/{}/tag{}", path_part(reference), query)), {}),
         fmt::format("tagging image '{}' as '{}'", reference, new_tag), call);
}

void SocketEngine::push_image(const std::string& reference, const std::optional<RegistryAuth>& auth,
                              bool verify_tls, const ProgressSink& progress, const Call& call) {
  if (auth) {
    push_as_told(reference, auth, verify_tls, progress, call);
    return;
  }
  const Budget budget(call);
  const auto found = credentials_.find(reference, call);
  try {
    push_as_told(reference, found.auth, verify_tls, progress, budget.left());
  } catch (const EngineError& error) {
    throw with_login(error, reference, found);
  }
}

void SocketEngine::push_as_told(const std::string& reference, const std::optional<RegistryAuth>& auth,
                                bool verify_tls, const ProgressSink& progress, const Call& call) {
  const auto what = fmt::format("pushing image '{}'", reference);
  const base::Doing doing(what);
  std::string target;
  if (podman()) {
    Query query;
    query.add("destination", reference).add("quiet", false);
    if (!verify_tls) {
      query.add("tlsVerify", false);
    }
    target = native(fmt::format("/images/{}/push{}", path_part(reference), query.text()));
  } else {
    const auto [name, tag] = split_tag(reference);
    target = docker(fmt::format("/images/{}/push{}", path_part(name), Query().add("tag", tag).text()));
  }
  Request request = post(std::move(target), {});
  request.headers["X-Registry-Auth"] = auth_header(auth, reference);
  std::string error;
  bool complete = false;
  json_lines(
      std::move(request), what,
      [&](const json& line) {
        if (auto text = stream_error(line); !text.empty()) {
          error = std::move(text);
        }
        auto text = podman() ? text_at(line, "stream") : text_at(line, "status");
        text.erase(text.find_last_not_of('\n') + 1);
        // Docker ends with the digest, Podman by storing the signatures or with the digest of its newer
        // versions.
        complete = complete || at(line, "aux").is_object() ||
                   text.find("digest: sha256:") != std::string::npos ||
                   text.starts_with("Storing signatures") || text.starts_with("Writing manifest") ||
                   !text_at(line, "manifestdigest").empty();
        if (!text.empty() && progress && !at(line, "progressDetail").contains("current")) {
          progress(text);
        }
      },
      call);
  if (!error.empty()) {
    throw refusal(200, what, error);
  }
  if (!complete) {
    throw EngineError(base::ExitCode::machine, Fault::cut, 200,
                      fmt::format("{} broke off: the engine did not say that it is done", what),
                      "look whether the engine was stopped, then try again");
  }
}

bool SocketEngine::remove_image(const std::string& reference, bool force, const Call& call) {
  const auto what = fmt::format("removing image '{}'", reference);
  return remove(native(fmt::format("/images/{}{}", path_part(reference), Query().add("force", force).text())),
                what, call);
}

}  // namespace fresh::engine
