#pragma once

#include "document/node.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// The long forms of a short port, one a container port, in the order of docker compose (by text):
/// `[[ip:]host:]container[/protocol]`, ranges expanded. Refuses what is no port, with the place.
std::vector<document::Node> long_ports(const document::Node& text);

/// An entry of `expose` as `8080/tcp`, ranges expanded.
std::vector<std::string> exposed_ports(const document::Node& entry);

}  // namespace fresh::compose
