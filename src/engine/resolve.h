#pragma once

#include "engine/endpoint.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::engine {

/// An endpoint with the story of how it was found.
struct ResolvedEndpoint {
  Endpoint endpoint;
  std::string origin;  ///< `--engine`, `CONTAINER_HOST`, `docker context 'x'`, `podman connection 'x'`,
                       ///< `default socket`
  std::string why;     ///< a sentence for the manifest
};

/// All that the decision depends on.
struct ResolveRequest {
  std::string flag = {};  ///< --engine, or what the spec names; may be empty
  std::string flag_origin = "--engine";
  std::map<std::string, std::string> environment = {};
  std::string home = {};
  unsigned uid = 0;
  /// The content of a file, or nothing.
  std::function<std::optional<std::string>(const std::string& path)> read_file = {};
  /// Whether an engine answers `GET /_ping` at this socket.
  std::function<bool(const std::string& socket_path)> answers = {};
  /// Told what was passed over and why: a podman connection whose machine was removed.
  std::function<void(const std::string& note)> note = {};
};

/// Which engine to use, in this order: flag, CONTAINER_HOST, DOCKER_HOST, docker context,
/// podman connection, then the first default socket that answers. Whatever is named is used, dead or not: no
/// fallback. Nothing when nothing is named and no default socket answers. Throws base::Error (machine) for a
/// docker context that leads nowhere. `podman machine rm` leaves its name as the default connection: that one
/// is noted and passed over.
std::optional<ResolvedEndpoint> resolve(const ResolveRequest& request);

/// The request for this process: its environment, user, files, and a `_ping` with a limit of two seconds.
ResolveRequest resolve_request_of_process(std::string flag);

/// True when an engine answers `GET /_ping` at the socket within two seconds.
bool engine_answers(const std::string& socket_path);

/// The sockets that are tried when nothing is named, in order.
std::vector<std::string> default_sockets(const ResolveRequest& request);

}  // namespace fresh::engine
