#include <fmt/format.h>

#include <algorithm>

#include "base/step_scope.h"
#include "compose/status.h"
#include "pipeline/context.h"

namespace fresh::pipeline {
namespace {

constexpr base::Milliseconds exec_deadline(60'000);

std::string sentence(const Violation& violation) {
  return fmt::format("{}: expected {}, found {}", violation.subject, violation.expected, violation.found);
}

/// The running container of a service, or a violation that says what is there instead.
std::string container_of(const std::vector<compose::ServiceStatus>& services, const std::string& service,
                         std::vector<Violation>& violations) {
  for (const auto& one : services) {
    if (one.service == service && one.state == "running") {
      return one.container;
    }
  }
  violations.push_back({"contract:" + service, "a running container", "none"});
  return {};
}

std::vector<Violation> check_one(Context& context, const Contract& contract,
                                 const std::vector<compose::ServiceStatus>& services) {
  base::StepScope step(context.sink, context.clock, "contract:" + contract.service, shown(contract));
  std::vector<Violation> violations;
  const std::string container = container_of(services, contract.service, violations);
  if (!container.empty()) {
    violations = check_contract(contract, container, *context.engine, context.call(exec_deadline));
  }
  if (violations.empty()) {
    step.finish("ok");
  } else {
    step.finish("failed", sentence(violations.front()));
  }
  return violations;
}

/// Each service is probed once more: what opened its gate must still hold.
std::vector<Violation> still_healthy(Context& context) {
  std::vector<Violation> violations;
  for (const auto& [service, healthy] : compose::probe_all(context.stack, *context.engine, context.call(exec_deadline))) {
    context.report.services[service] = healthy;
    if (!healthy) {
      violations.push_back({"service:" + service, "healthy", "its health check fails"});
    }
  }
  return violations;
}

}  // namespace

GateVerdict check_contracts(Context& context) {
  if (context.stack.services.empty()) {
    return GateVerdict::skipped("the project declares no stack");
  }
  std::vector<Violation> violations = still_healthy(context);
  const auto services = compose::status(context.stack.name, *context.engine, context.call(exec_deadline));
  const auto& away = context.stack.inactive;
  std::size_t held = 0;
  for (const auto& contract : context.project.contracts) {
    if (std::find(away.begin(), away.end(), contract.service) != away.end()) {
      base::StepScope step(context.sink, context.clock, "contract:" + contract.service, shown(contract));
      step.finish("not_applicable", "no active profile has the service");
      continue;
    }
    ++held;
    const auto more = check_one(context, contract, services);
    violations.insert(violations.end(), more.begin(), more.end());
  }
  if (violations.empty()) {
    return GateVerdict::passed(fmt::format("{} services healthy, {} contracts hold", context.report.services.size(),
                                           held));
  }
  std::vector<std::string> sentences;
  for (const auto& violation : violations) {
    sentences.push_back(sentence(violation));
  }
  return GateVerdict::failed(base::ExitCode::contract, fmt::format("{}", fmt::join(sentences, "; ")),
                             "mend the service's image or its compose file, or the contract in fresh-clone.yaml");
}

}  // namespace fresh::pipeline
