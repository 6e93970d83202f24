#pragma once

#include "document/node.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// Refuses a typed tree whose parts do not fit together: a service without image or build,
/// undefined networks, volumes, secrets, configs or dependencies, two limits that differ, cycles. Services
/// that are `inactive` (sorted) are not looked at.
void check_consistency(const document::Node& root, const std::vector<std::string>& inactive);

}  // namespace fresh::compose
