#include "base/clock.h"
#include "base/file.h"
#include "engine/dialect.h"
#include "engine/fault.h"
#include "engine/json_fields.h"
#include "engine/objects.h"
#include "engine/socket_engine.h"
#include "engine/url.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace fresh::engine {
namespace {

using nlohmann::json;

/// Engines also take the beginning of an id for a name, so that `db` or `cafe` may find a stranger.
bool is_meant(const Container& container, const std::string& name_or_id) {
  return container.name == name_or_id ||
         (name_or_id.size() >= 12 && container.id.hex.starts_with(name_or_id));
}

/// Docker wants the profile itself, Podman its path on the engine's host.
ContainerSpec with_inline_seccomp(ContainerSpec spec) {
  for (auto& option : spec.security_opt) {
    const std::string prefix = "seccomp=";
    const auto value = option.starts_with(prefix) ? option.substr(prefix.size()) : std::string();
    if (value.starts_with('/')) {
      option = prefix + base::read_file(value);
    }
  }
  return spec;
}

/// Podman's own create refuses a bind mount whose source is missing; the socket is local, so the folder is
/// too.
void make_host_paths(const ContainerSpec& spec) {
  for (const auto& mount : spec.mounts) {
    std::error_code error;
    if (mount.type == MountType::bind && mount.create_host_path &&
        !std::filesystem::exists(mount.source, error) &&
        !std::filesystem::create_directories(mount.source, error) && error) {
      throw base::Error(base::ExitCode::deploy,
                        fmt::format("cannot make '{}', which container '{}' mounts: {}", mount.source,
                                    spec.name, error.message()),
                        "make the folder yourself, or mount another one");
    }
  }
}

}  // namespace

std::optional<Container> SocketEngine::find_container(const std::string& name_or_id, const Call& call) {
  const auto answer = find_json(native(fmt::format("/containers/{}/json", path_part(name_or_id))),
                                fmt::format("inspecting container '{}'", name_or_id), call);
  if (!answer) {
    return std::nullopt;
  }
  auto container = container_from(*answer);
  return is_meant(container, name_or_id) ? std::optional(std::move(container)) : std::nullopt;
}

std::vector<Container> SocketEngine::list_containers(const ContainerFilter& filter, const Call& call) {
  const auto query = Query().add("all", filter.all).add("filters", label_filter(filter.labels)).text();
  std::vector<Container> containers;
  const auto answer = get_json(native("/containers/json" + query), "listing containers", call);
  for (const auto& entry : answered_list(answer)) {
    containers.push_back(listed_container_from(entry));
  }
  std::sort(containers.begin(), containers.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return containers;
}

ContainerId SocketEngine::create_container(const ContainerSpec& spec, const Call& call) {
  const Budget budget(call);
  const auto what = fmt::format("creating container '{}'", spec.name);
  if (podman()) {
    make_host_paths(spec);
    const auto answer =
        expect(post(native("/containers/create"), podman_container_body(spec)), what, budget.left());
    return {text_at(parse_json(answer.body, what), "Id")};
  }
  const bool one_network = api_older(version_.api, "1.44");
  Query query;
  query.add("name", spec.name);
  if (!spec.platform.empty()) {
    query.add("platform", spec.platform);
  }
  const auto answer = expect(post(docker("/containers/create" + query.text()),
                                  docker_container_body(with_inline_seccomp(spec), one_network)),
                             what, budget.left());
  ContainerId id{text_at(parse_json(answer.body, what), "Id")};
  if (one_network && spec.networks.size() > 1) {
    const auto first = first_network(spec);
    try {
      for (const auto& [network, settings] : spec.networks) {
        if (network != first) {
          connect_network(network, id.hex, settings, budget.left());
        }
      }
    } catch (const EngineError&) {
      // A container on half of its networks must not be found and started later.
      remove_container(id.hex, true, Call{});
      throw;
    }
  }
  return id;
}

void SocketEngine::prepare_container(const std::string& container, const Call& call) {
  expect(post(native(fmt::format("/containers/{}/init", path_part(container))), {}),
         fmt::format("preparing container '{}'", container), call);
}

void SocketEngine::start_container(const std::string& container, const Call& call) {
  expect(post(native(fmt::format("/containers/{}/start", path_part(container))), {}),
         fmt::format("starting container '{}'", container), call);
}

void SocketEngine::stop_container(const std::string& container, std::optional<std::chrono::seconds> grace,
                                  const Call& call) {
  Query query;
  if (grace) {
    query.add(podman() ? "timeout" : "t", fmt::format("{}", grace->count()));
  }
  expect(post(native(fmt::format("/containers/{}/stop{}", path_part(container), query.text())), {}),
         fmt::format("stopping container '{}'", container), call);
}

void SocketEngine::kill_container(const std::string& container, const std::string& signal, const Call& call) {
  const auto query = Query().add("signal", signal).text();
  expect(post(native(fmt::format("/containers/{}/kill{}", path_part(container), query)), {}),
         fmt::format("sending {} to container '{}'", signal, container), call);
}

void SocketEngine::pause_container(const std::string& container, const Call& call) {
  expect(post(native(fmt::format("/containers/{}/pause", path_part(container))), {}),
         fmt::format("pausing container '{}'", container), call);
}

void SocketEngine::unpause_container(const std::string& container, const Call& call) {
  expect(post(native(fmt::format("/containers/{}/unpause", path_part(container))), {}),
         fmt::format("continuing container '{}'", container), call);
}

void SocketEngine::rename_container(const std::string& container, const std::string& name, const Call& call) {
  const auto query = Query().add("name", name).text();
  expect(post(native(fmt::format("/containers/{}/rename{}", path_part(container), query)), {}),
         fmt::format("renaming container '{}' to '{}'", container, name), call);
}

bool SocketEngine::remove_container(const std::string& container, bool volumes, const Call& call) {
  const Budget budget(call);
  const auto what = fmt::format("removing container '{}'", container);
  // `cafe` could be the beginning of a stranger's id: look before it is gone.
  const bool looks_like_id = container.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (looks_like_id && container.size() < 12 && !find_container(container, budget.left())) {
    return false;
  }
  Query query;
  // Podman's own API does not hear `v`.
  query.add("force", true).add(podman() ? "volumes" : "v", volumes);
  if (podman()) {
    query.add("timeout", "0");
  }
  Request request;
  request.method = "DELETE";
  request.target = native(fmt::format("/containers/{}{}", path_part(container), query.text()));
  const auto answer = http_.perform(request, budget.left());
  if (answer.status == 404) {
    return false;
  }
  const auto text = error_text(answer.body);
  if (answer.status == 409 && text.find("already in progress") != std::string::npos) {
    // Somebody else removes it right now: it is gone when the engine no longer finds it.
    const base::SystemClock clock;
    while (find_container(container, budget.left())) {
      clock.wait(std::chrono::milliseconds(50), call.stop);
    }
    return true;
  }
  if (!answer.succeeded()) {
    throw refusal(answer.status, what, text);
  }
  if (podman()) {
    const auto removed = parse_json(answer.body, what);
    for (const auto& entry : list_at(removed, "")) {
      const auto& error = at(entry, "Err");
      if (!error.is_null() && !(error.is_string() && error.get<std::string>().empty())) {
        throw refusal(500, what, error.is_string() ? error.get<std::string>() : error.dump());
      }
    }
  }
  return true;
}

}  // namespace fresh::engine
