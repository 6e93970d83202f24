#pragma once

#include "compose/spec.h"
#include "engine/types.h"

#include <set>
#include <string>

namespace fresh::compose {

/// The paths on which a container of the service gets a volume without a name: those that the service
/// declares without a source, and the VOLUMEs of its image (nothing where that is not there) on which nothing
/// is mounted.
std::set<std::string> anonymous_targets(const Service& service, const engine::Image* image);

/// True for a volume that an engine named by itself: 64 hexadecimal digits, on Docker and Podman.
bool is_anonymous_volume(const engine::Mount& mount);

}  // namespace fresh::compose
