#pragma once

#include "compose/spec.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// Refuses what only shows when the project is to run: two services with one container_name, mounts on a
/// relative path or on one target. The rest is checked before (compose/consistency.h).
void check(const Project& project);

/// The services, each after all that it depends on; equal ones by name. The project must be free of cycles.
std::vector<std::string> in_order(const Project& project);

/// True when a command that names `services` means this one; naming none means all.
bool is_meant(const std::vector<std::string>& services, const std::string& name);

/// Refuses a service that reserves a GPU: base::Error (precheck) with the place of the reservation.
void refuse_gpu(const Service& service);

}  // namespace fresh::compose
