#include "compose/namespaces.h"

#include <string_view>

namespace fresh::compose {

std::set<std::string> joined_services(const Service& service) {
  constexpr std::string_view prefix = "service:";
  std::set<std::string> joined;
  for (const std::string* mode : {&service.network_mode, &service.pid, &service.ipc}) {
    if (mode->starts_with(prefix)) {
      joined.insert(mode->substr(prefix.size()));
    }
  }
  return joined;
}

}  // namespace fresh::compose
