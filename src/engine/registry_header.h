#pragma once

#include "engine/types.h"

#include <map>
#include <optional>
#include <string>

namespace fresh::engine {

/// X-Registry-Auth of a pull or push (`POST /images/create`, Docker API). Podman would send one that stands
/// for itself to whatever registry a name without a host leads it to: `by_registry` binds it to its own.
std::string registry_auth(const std::optional<RegistryAuth>& auth, bool by_registry);

/// X-Registry-Config of a build: the credentials of each registry by its host (`POST /build`, Docker API).
std::string registry_config(const std::map<std::string, RegistryAuth>& all);

}  // namespace fresh::engine
