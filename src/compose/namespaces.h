#pragma once

#include "compose/spec.h"

#include <set>
#include <string>

namespace fresh::compose {

/// The services in whose namespaces (`network_mode`, `pid` or `ipc` of `service:NAME`) containers of a
/// service live.
std::set<std::string> joined_services(const Service& service);

}  // namespace fresh::compose
