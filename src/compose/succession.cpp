#include "compose/succession.h"

#include "compose/namespaces.h"

#include <algorithm>

namespace fresh::compose {

std::string interim_name(const std::string& name) {
  return name + ".next";
}

bool is_made_first(const Service& service, const Decision& decision, const Decisions& decisions) {
  return decision.action == Action::recreate && joined_services(service).empty() &&
         std::none_of(service.networks.begin(), service.networks.end(),
                      [&](const auto& network) { return decisions.networks_anew.contains(network.first); });
}

}  // namespace fresh::compose
