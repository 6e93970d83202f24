#pragma once

#include "compose/spec.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// Refuses a project whose parts do not fit together (reference 1.7, consistency): no image or build,
/// undefined networks, volumes, secrets, configs or dependencies, cycles, network_mode beside networks,
/// double mount targets or names.
void check(const Project& project);

/// The services, each after all that it depends on; equal ones by name. The project must be free of cycles.
std::vector<std::string> in_order(const Project& project);

}  // namespace fresh::compose
