#pragma once

#include "compose/spec.h"

namespace fresh::compose {

/// Whether the start of a service's containers can be set up while it still waits for others (Podman's init),
/// without anybody seeing a difference: nothing is mounted that others of the project may write until then,
/// no port of the host is taken, no name is shared with services that may run already, and no other container
/// has to run for it.
bool can_be_prepared(const Service& service, const Project& project);

}  // namespace fresh::compose
