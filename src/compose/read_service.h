#pragma once

#include "compose/spec.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// The typed service of a canonical tree. Refuses unknown keys with the nearest known one and values of the
/// wrong type, with place.
Service read_service(const std::string& name, const document::Node& node);

}  // namespace fresh::compose
