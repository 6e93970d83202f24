#include "compose/gate_policy.h"

#include "base/error.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::compose {

bool has_gate(const Service& service, const engine::Image* image, bool awaited) {
  if (service.healthcheck && !service.healthcheck->test.empty()) {
    return service.healthcheck->test.front() != "NONE";
  }
  return image == nullptr ? awaited : image->has_healthcheck;
}

GatePolicy gate_policy(const Service& service, const PlanOptions& options) {
  GatePolicy policy;
  if (service.healthcheck) {
    policy.check = *service.healthcheck;
  }
  policy.from_image = policy.check.test.empty();
  policy.timeout = patience(policy.check);
  if (const auto found = options.gates.find(service.name); found != options.gates.end()) {
    policy.consecutive = std::max(found->second.consecutive, 1);
    if (found->second.timeout.count() > 0) {
      policy.timeout = found->second.timeout;
    }
  }
  if (options.gate_limit) {
    policy.timeout = std::min(policy.timeout, *options.gate_limit);
  }
  return policy;
}

void refuse_without_gate(const std::string& dependent, const std::string& service) {
  throw base::Error(
      base::ExitCode::precheck,
      fmt::format("service '{}' waits for '{}' to be healthy, which has no healthcheck", dependent, service),
      fmt::format("add a healthcheck to '{}', or wait for service_started", service));
}

}  // namespace fresh::compose
