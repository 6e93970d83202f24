#include "engine/resolve.h"

#include "base/doing.h"
#include "base/error.h"
#include "base/file.h"
#include "engine/connections.h"
#include "engine/http.h"

#include <fmt/core.h>

#include <cstdlib>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace fresh::engine {
namespace {

std::string variable(const ResolveRequest& request, const std::string& name) {
  const auto found = request.environment.find(name);
  return found == request.environment.end() ? std::string() : found->second;
}

ResolvedEndpoint named(const std::string& uri, std::string origin, std::string why) {
  const base::Doing doing("reading the engine's address from {}", origin);
  return {parse_endpoint(uri), std::move(origin), std::move(why)};
}

ResolvedEndpoint from_docker_host(const ResolveRequest& request, const std::string& uri) {
  auto resolved = named(uri, "DOCKER_HOST", "the environment variable DOCKER_HOST names it");
  if (resolved.endpoint.scheme == Scheme::tcp && !variable(request, "DOCKER_TLS_VERIFY").empty()) {
    auto folder = variable(request, "DOCKER_CERT_PATH");
    if (folder.empty()) {
      folder = request.home + "/.docker";
    }
    resolved.endpoint.tls = TlsFiles{folder + "/ca.pem", folder + "/cert.pem", folder + "/key.pem", true};
  }
  return resolved;
}

std::optional<ResolvedEndpoint> from_names(const ResolveRequest& request) {
  if (const auto context = docker_context(request)) {
    const auto origin = fmt::format("docker context '{}'", context->name);
    if (context->uri.empty()) {
      throw base::Error(base::ExitCode::machine,
                        fmt::format("{} has no address: its file is missing", origin),
                        "choose another: docker context use default, or name the engine with --engine");
    }
    auto resolved = named(context->uri, origin, "it is the current docker context");
    if (context->has_tls) {
      resolved.endpoint.tls = context->tls;
    }
    return resolved;
  }
  if (const auto connection = podman_connection(request)) {
    const auto origin = fmt::format("podman connection '{}'", connection->name);
    if (!connection->uri.empty()) {
      auto resolved = named(connection->uri, origin, "it is podman's default connection");
      resolved.endpoint.identity = connection->identity;
      return resolved;
    }
    if (request.note) {
      request.note(
          fmt::format("podman's default connection '{}' was passed over: it no longer exists (podman machine "
                      "rm leaves its name behind)",
                      connection->name));
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> default_sockets(const ResolveRequest& request) {
  std::vector<std::string> sockets;
  const auto runtime = variable(request, "XDG_RUNTIME_DIR");
  if (request.uid != 0) {
    if (!runtime.empty()) {
      sockets.push_back(runtime + "/podman/podman.sock");
    }
    sockets.push_back(fmt::format("/run/user/{}/podman/podman.sock", request.uid));
    sockets.push_back(fmt::format("/tmp/podman-run-{}/podman/podman.sock", request.uid));
  }
  sockets.insert(sockets.end(), {"/run/podman/podman.sock", "/var/run/docker.sock"});
  if (request.uid != 0) {
    if (!runtime.empty()) {
      sockets.push_back(runtime + "/docker.sock");
    }
    sockets.push_back(fmt::format("/run/user/{}/docker.sock", request.uid));
  }
  for (const char* below : {"/.docker/run/docker.sock", "/.colima/default/docker.sock", "/.rd/docker.sock",
                            "/.orbstack/run/docker.sock"}) {
    if (!request.home.empty()) {
      sockets.push_back(request.home + below);
    }
  }
  return sockets;
}

std::optional<ResolvedEndpoint> resolve(const ResolveRequest& request) {
  if (!request.flag.empty()) {
    return named(request.flag, request.flag_origin, fmt::format("{} names it", request.flag_origin));
  }
  if (const auto uri = variable(request, "CONTAINER_HOST"); !uri.empty()) {
    auto resolved = named(uri, "CONTAINER_HOST", "the environment variable CONTAINER_HOST names it");
    resolved.endpoint.identity = variable(request, "CONTAINER_SSHKEY");
    return resolved;
  }
  if (const auto uri = variable(request, "DOCKER_HOST"); !uri.empty()) {
    return from_docker_host(request, uri);
  }
  if (auto resolved = from_names(request)) {
    return resolved;
  }
  for (const auto& socket : default_sockets(request)) {
    if (request.answers && request.answers(socket)) {
      Endpoint endpoint;
      endpoint.path = socket;
      return ResolvedEndpoint{endpoint, "default socket",
                              "no engine was named, and this is the first default socket that answers"};
    }
  }
  return std::nullopt;
}

bool engine_answers(const std::string& socket_path) {
  struct stat facts {};
  if (::stat(socket_path.c_str(), &facts) != 0 || !S_ISSOCK(facts.st_mode)) {
    return false;
  }
  try {
    HttpClient http(socket_path);
    Request ping;
    ping.method = "GET";
    ping.target = "/_ping";
    ping.may_retry = false;
    return http.perform(ping, {std::chrono::seconds(2), {}}).succeeded();
  } catch (const EngineError&) {
    return false;
  }
}

ResolveRequest resolve_request_of_process(std::string flag) {
  ResolveRequest request;
  request.flag = std::move(flag);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (const auto equals = text.find('='); equals != std::string_view::npos) {
      request.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  request.home = variable(request, "HOME");
  request.uid = ::getuid();
  request.read_file = [](const std::string& path) -> std::optional<std::string> {
    try {
      return base::read_file_if_exists(path);
    } catch (const base::Error&) {
      return std::nullopt;  // a file of somebody else is no configuration of ours
    }
  };
  request.answers = engine_answers;
  return request;
}

}  // namespace fresh::engine
