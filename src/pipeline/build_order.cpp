#include "pipeline/build_order.h"

#include <algorithm>
#include <functional>
#include <set>

namespace fresh::pipeline {

std::vector<std::string> in_build_order(const compose::Project& stack,
                                        const std::vector<std::string>& names) {
  std::vector<std::string> order;
  std::set<std::string> seen;
  const std::function<void(const std::string&)> add = [&](const std::string& name) {
    const auto service = stack.services.find(name);
    if (service == stack.services.end() || !seen.insert(name).second) {
      return;
    }
    if (service->second.build) {
      for (const auto& [context, value] : service->second.build->additional_contexts) {
        if (value.starts_with(service_scheme)) {
          add(value.substr(service_scheme.size()));
        }
      }
    }
    order.push_back(name);
  };
  std::for_each(names.begin(), names.end(), add);
  return order;
}

}  // namespace fresh::pipeline
