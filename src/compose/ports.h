#pragma once

#include "document/node.h"

#include <vector>

namespace fresh::compose {

/// One entry of `ports` (short text, number, or map) as long forms: `mode`, `host_ip`, `target`, `published`,
/// `protocol`, ranges expanded to single ports (compose specification, `ports`). Refuses what is no port
/// mapping, with the place.
std::vector<document::Node> canonical_ports(const document::Node& entry);

/// Entries of `expose` as `8080/tcp`, ranges expanded.
std::vector<std::string> exposed_ports(const document::Node& entry);

}  // namespace fresh::compose
