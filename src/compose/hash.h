#pragma once

#include "compose/spec.h"

#include <string>

namespace fresh::compose {

/// What the label config-hash of a service's containers says: sha256 over its canonical tree without what
/// does not shape a container (build, pull_policy, scale, depends_on, profiles) and the bytes of its secrets
/// and configs. Paths count relative to the working folder; no time, no id, no absolute path goes in. The
/// image's content is compared apart.
std::string service_hash(const Service& service, const Project& project);

std::string network_hash(const Network& network);

}  // namespace fresh::compose
