#include "base/doing.h"
#include "engine/dialect.h"
#include "engine/fault.h"
#include "engine/json_fields.h"
#include "engine/objects.h"
#include "engine/registry_header.h"
#include "engine/socket_engine.h"
#include "engine/stream.h"
#include "engine/url.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace fresh::engine {
namespace {

using nlohmann::json;

bool is_image_id(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Docker paints what a program writes to stderr red.
std::string without_colours(std::string_view text) {
  std::string result;
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] == '\x1b' && index + 1 < text.size() && text[index + 1] == '[') {
      index += 2;
      while (index < text.size() && std::isalpha(static_cast<unsigned char>(text[index])) == 0) {
        ++index;
      }
    } else if (text[index] != '\r') {
      result += text[index];
    }
  }
  return result;
}

/// Follows a build's output: its lines for people, the step it is at, and the image id that ends it.
class BuildOutput {
 public:
  BuildOutput(Flavor flavor, const ProgressSink& progress)
      : flavor_(flavor), progress_(progress), lines_([this](std::string_view line) { take_line(line); }) {}

  void take(const json& frame) {
    lines_.feed(without_colours(text_at(frame, "stream")));
    if (const auto id = text_at(frame, "aux/ID"); !id.empty()) {
      // Once per stage: the last one counts.
      id_ = image_id_from(id);
    }
    for (const char* place : {"error", "errorDetail/message"}) {
      if (auto text = text_at(frame, place); !text.empty()) {
        error_ = std::move(text);
      }
    }
  }

  ImageId finish(std::string_view what) {
    lines_.finish();
    if (!error_.empty()) {
      throw failure(what);
    }
    if (id_.hex.empty()) {
      throw EngineError(base::ExitCode::machine, Fault::cut, 200,
                        fmt::format("{} broke off{}: the engine named no image", what, at_step()),
                        "look whether the engine was stopped, then build again");
    }
    return id_;
  }

 private:
  void take_line(std::string_view line) {
    if (line.empty()) {
      return;
    }
    if (line.starts_with("STEP ") || line.starts_with("Step ")) {
      step_ = line;
    }
    // Podman ends with the bare id; Docker tells it in a frame of its own.
    if (flavor_ == Flavor::podman && is_image_id(line)) {
      id_ = {std::string(line)};
      return;
    }
    if (progress_) {
      progress_(line);
    }
  }

  std::string at_step() const { return step_.empty() ? std::string() : fmt::format(" at '{}'", step_); }

  EngineError failure(std::string_view what) const {
    int status = -1;
    for (const char* words : {"exit status", "returned a non-zero code", "exit code"}) {
      status = status >= 0 ? status : number_after(error_, words);
    }
    auto cause = error_;
    cause.erase(cause.find_last_not_of(" \n") + 1);
    auto error = refusal(200, what, cause);
    if (status < 0) {
      return error;
    }
    return {error.code(), error.fault(), error.status(),
            fmt::format("{} failed{}: its command ended with exit status {}", what, at_step(), status),
            error.hint().empty() ? "read the last lines of the build's log" : error.hint()};
  }

  Flavor flavor_;
  const ProgressSink& progress_;
  LineSplitter lines_;
  std::string step_;
  std::string error_;
  ImageId id_;
};

void add_common(Query& query, const BuildRequest& request) {
  if (!request.platform.empty()) {
    query.add("platform", request.platform);
  }
  if (request.shm_size) {
    query.add("shmsize", fmt::format("{}", *request.shm_size));
  }
}

}  // namespace

std::string podman_build_query(const BuildRequest& request) {
  Query query;
  query.add("dockerfile", request.dockerfile);
  for (const auto& tag : request.tags) {
    query.add("t", tag);
  }
  if (!request.target.empty()) {
    query.add("target", request.target);
  }
  query.add("buildargs", json(request.arguments).dump());
  // From a map Podman takes them in random order, which the image's history and so its id would show.
  auto labels = json::array();
  for (const auto& [name, value] : request.labels) {
    labels.push_back(fmt::format("{}={}", name, value));
  }
  query.add("labels", labels.dump());
  // Its own version in a label would change every id with each upgrade of the engine.
  query.add("identitylabel", false);
  query.add("layers", request.cache).add("nocache", !request.cache);
  query.add("pullpolicy", request.pull ? "ifnewer" : "missing");
  // Left alone, RUN would share the network of the host; `networkmode=none` is not heard (`POST
  // /libpod/build`).
  const bool host = request.network_name == "host";
  query.add("nsoptions",
            json::array({{{"Name", "network"},
                          {"Host", request.network && host},
                          {"Path", request.network && !host ? request.network_name : std::string()}}})
                .dump());
  query.add("networkmode", request.network ? "NetworkEnabled" : "NetworkDisabled");
  // Without it a failing build leaves its working container behind.
  query.add("rm", true).add("forcerm", true);
  if (request.timestamp) {
    query.add("timestamp", fmt::format("{}", *request.timestamp));
  } else {
    // In OCI's format nothing is ever found in the cache, and HEALTHCHECK is lost (Podman 4.3).
    query.add("outputformat", "application/vnd.docker.distribution.manifest.v2+json");
  }
  if (!request.extra_hosts.empty()) {
    query.add("extrahosts", json(request.extra_hosts).dump());
  }
  if (!request.ulimits.empty()) {
    auto limits = json::array();
    for (const auto& [name, limit] : request.ulimits) {
      limits.push_back(fmt::format("{}={}:{}", name, limit.soft, limit.hard));
    }
    query.add("ulimits", limits.dump());
  }
  if (!request.secrets.empty()) {
    auto secrets = json::array();
    for (const auto& secret : request.secrets) {
      secrets.push_back(fmt::format("id={},src={}", secret.id, secret.file));
    }
    query.add("secrets", secrets.dump());
  }
  add_common(query, request);
  return query.text();
}

std::string docker_build_query(const BuildRequest& request) {
  Query query;
  query.add("dockerfile", request.dockerfile);
  for (const auto& tag : request.tags) {
    query.add("t", tag);
  }
  if (!request.target.empty()) {
    query.add("target", request.target);
  }
  query.add("buildargs", json(request.arguments).dump());
  query.add("labels", json(request.labels).dump());
  query.add("nocache", !request.cache);
  if (request.pull) {
    query.add("pull", "1");
  }
  query.add("networkmode", !request.network               ? "none"
                           : request.network_name.empty() ? "default"
                                                          : request.network_name);
  query.add("rm", true).add("forcerm", true).add("version", "1");
  for (const auto& host : request.extra_hosts) {
    query.add("extrahosts", host);
  }
  if (!request.ulimits.empty()) {
    auto limits = json::array();
    for (const auto& [name, limit] : request.ulimits) {
      limits.push_back({{"Name", name}, {"Soft", limit.soft}, {"Hard", limit.hard}});
    }
    query.add("ulimits", limits.dump());
  }
  if (!request.cache_from.empty()) {
    query.add("cachefrom", json(request.cache_from).dump());
  }
  add_common(query, request);
  return query.text();
}

ImageId SocketEngine::build(const BuildRequest& wanted, const ProgressSink& progress, const Call& call) {
  const auto what =
      fmt::format("building image '{}'", wanted.tags.empty() ? wanted.dockerfile : wanted.tags.front());
  const base::Doing doing(what);
  Request request =
      post(native("/build" + (podman() ? podman_build_query(wanted) : docker_build_query(wanted))), {});
  request.body_file = wanted.context_file;
  request.content_type = "application/x-tar";
  const Budget budget(call);
  std::map<std::string, FoundCredentials> found;
  std::map<std::string, RegistryAuth> known;
  for (const auto& base : wanted.bases) {
    const auto& one = found.emplace(base, credentials_.find(base, budget.left())).first->second;
    if (one.auth) {
      known.emplace(image_name(base).registry, *one.auth);
    }
  }
  if (!known.empty()) {
    request.headers["X-Registry-Config"] = registry_config(known);
  }
  BuildOutput output(version_.flavor, progress);
  try {
    json_lines(
        std::move(request), what, [&](const json& frame) { output.take(frame); }, budget.left());
    return output.finish(what);
  } catch (const EngineError& error) {
    // Several bases: the engine's words name the one that it asked for in vain.
    const auto base = std::find_if(wanted.bases.begin(), wanted.bases.end(), [&](const std::string& one) {
      return error.message().find(image_name(one).path) != std::string::npos;
    });
    if (base == wanted.bases.end()) {
      throw;
    }
    throw with_login(error, *base, found.at(*base));
  }
}

}  // namespace fresh::engine
