#pragma once

#include "compose/spec.h"
#include "document/fields.h"

#include <optional>
#include <string>
#include <vector>

namespace fresh::compose {

/// `build` of a service (compose specification, build), if it has one.
std::optional<Build> read_build(document::Fields& service_fields);

}  // namespace fresh::compose
