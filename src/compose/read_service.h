#pragma once

#include "compose/spec.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// The typed service of a canonical tree. Refuses unknown keys with the nearest known one and values of the
/// wrong type, with place; keys of the specification that the driver does not apply go to `ignored`.
Service read_service(const std::string& name, const document::Node& node, std::vector<Ignored>& ignored);

}  // namespace fresh::compose
