#pragma once

#include "compose/spec.h"
#include "document/fields.h"

#include <optional>
#include <string>
#include <vector>

namespace fresh::compose {

/// `build` of a service (compose specification, build), if it has one; what is not applied goes to `ignored`.
std::optional<Build> read_build(document::Fields& service_fields, const std::string& path,
                                std::vector<Ignored>& ignored);

}  // namespace fresh::compose
