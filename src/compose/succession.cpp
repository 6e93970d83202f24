#include "compose/succession.h"

#include "compose/inject.h"
#include "compose/namespaces.h"
#include "compose/status.h"
#include "engine/labels.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace fresh::compose {

namespace {

constexpr std::string_view interim_ending = ".next";

}  // namespace

std::string interim_name(const std::string& name) {
  return name + std::string(interim_ending);
}

bool is_half_made(const engine::Container& container) {
  return container.state == "created" && container.name.ends_with(interim_ending);
}

void leave_out_half_made(std::vector<engine::Container>& containers) {
  const auto place = [](const engine::Container& container) {
    return std::pair(engine::labels::value_of(container.labels, engine::labels::compose_service),
                     number_of(container));
  };
  std::map<std::pair<std::string, int>, int> holders;
  for (const auto& container : containers) {
    ++holders[place(container)];
  }
  std::erase_if(containers, [&](const engine::Container& container) {
    return is_half_made(container) && holders[place(container)] > 1;
  });
}

bool is_made_first(const Project& project, const Service& service, const Decision& decision,
                   const Decisions& decisions) {
  const auto files = injected_files(service, project);
  return decision.action == Action::recreate && joined_services(service).empty() &&
         std::all_of(files.begin(), files.end(), [](const auto& folder) { return folder.first == "/"; }) &&
         std::none_of(service.networks.begin(), service.networks.end(),
                      [&](const auto& network) { return decisions.networks_anew.contains(network.first); });
}

}  // namespace fresh::compose
