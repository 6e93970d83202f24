#pragma once

#include "engine/resolve.h"

#include <optional>
#include <string>
#include <string_view>

namespace fresh::engine {

/// A name under which a tool of the engine keeps an address.
struct NamedAddress {
  std::string name;
  std::string uri;  ///< empty: the name is there, the address is not
  std::string identity = {};
  TlsFiles tls = {};
  bool has_tls = false;
};

/// Docker's current context: DOCKER_CONTEXT, else `currentContext` of its config.json. Nothing for `default`.
std::optional<NamedAddress> docker_context(const ResolveRequest& request);

/// Podman's default connection: podman-connections.json (5.x), else `active_service` of containers.conf
/// (4.x).
std::optional<NamedAddress> podman_connection(const ResolveRequest& request);

/// `active_service` and its destination from the text of a containers.conf; the part of TOML
/// that Podman writes: tables, basic and literal strings, comments.
std::optional<NamedAddress> active_service(std::string_view containers_conf);

}  // namespace fresh::engine
