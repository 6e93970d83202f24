#include "base/error.h"
#include "base/step_scope.h"
#include "compose/status.h"
#include "engine/labels.h"
#include "pipeline/context.h"
#include "pipeline/contract_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace fresh::pipeline {
namespace {

constexpr base::Milliseconds exec_deadline(60'000);
constexpr base::Milliseconds probe_pause(1'000);

using Containers = std::vector<engine::Container>;

/// Every container of the stack, looked at closely.
Containers look(Context& context) {
  Containers containers;
  const engine::Call call = context.call(exec_deadline);
  for (const auto& one : compose::status(context.stack.name, *context.engine, call)) {
    if (auto container = context.engine->find_container(one.container, call)) {
      containers.push_back(*std::move(container));
    }
  }
  return containers;
}

std::string service_of(const engine::Container& container) {
  return engine::labels::value_of(container.labels, engine::labels::compose_service);
}

/// The running container of a service, if any.
const engine::Container* running(const Containers& containers, const std::string& service) {
  const auto found = std::find_if(containers.begin(), containers.end(), [&](const auto& one) {
    return one.state == "running" && service_of(one) == service;
  });
  return found == containers.end() ? nullptr : &*found;
}

std::string shown_failure(const compose::Probed& probed) {
  return "its health check fails" + (probed.said.empty() ? "" : ": " + probed.said);
}

/// `stays_healthy`: probes in a row, a second apart; the first that fails breaks it.
void check_health(Context& context, const Contract& contract, const engine::Container& container,
                  std::vector<Violation>& violations) {
  const auto& service = context.stack.services.at(contract.service);
  const engine::Call call = context.call(exec_deadline);
  const bool checked = compose::is_checked(service, *context.engine, call);
  for (int probe = 1; probe <= contract.stays_healthy; ++probe) {
    const auto now = context.engine->find_container(container.name, call);
    const bool runs = now && now->state == "running" && now->started_at == container.started_at;
    const auto probed = runs && checked
                            ? compose::probe_service(context.stack, service, *context.engine, call)
                            : compose::Probed{.passed = runs};
    if (!probed.passed) {
      context.report.services[contract.service] = false;
      violations.push_back(
          {"contract:" + contract.service, fmt::format("healthy {} times in a row", contract.stays_healthy),
           fmt::format("{} at probe {}", runs ? shown_failure(probed) : "it did not run through", probe),
           contract.place.text(), read_log_of(contract.service)});
      return;
    }
    if (probe < contract.stays_healthy && !context.clock.wait(probe_pause, context.stop)) {
      throw base::Interrupted("probing " + contract.service);
    }
  }
}

std::vector<Violation> check_one(Context& context, const Contract& contract, const Containers& containers) {
  base::StepScope step(context.sink, context.clock, "contract:" + contract.service, shown(contract));
  const engine::Container* container = running(containers, contract.service);
  if (container == nullptr) {
    const Violation none{"contract:" + contract.service, "a running container", "none", contract.place.text(),
                         read_log_of(contract.service)};
    step.finish("failed", sentence(none));
    return {none};
  }
  auto result = check_contract(contract, *container, *context.engine, context.call(exec_deadline));
  check_health(context, contract, *container, result.violations);
  if (!result.violations.empty()) {
    step.finish("failed", sentence(result.violations.front()));
  } else {
    step.finish("ok", result.facts.empty()
                          ? std::string()
                          : fmt::format("{}: {}", shown(contract), fmt::join(result.facts, ", ")));
  }
  return std::move(result.violations);
}

/// Each service is probed once more: what opened its gate must still hold.
std::vector<Violation> still_healthy(Context& context) {
  std::vector<Violation> violations;
  for (const auto& [service, probed] :
       compose::probe_all(context.stack, *context.engine, context.call(exec_deadline))) {
    context.report.services[service] = probed.passed;
    if (!probed.passed) {
      violations.push_back(
          {"service:" + service, "healthy", shown_failure(probed), {}, read_log_of(service)});
    }
  }
  return violations;
}

/// What ran when the gate began must have run all through it: a service that was killed may be up again by
/// now.
std::vector<Violation> ended_meanwhile(Context& context, const Containers& before) {
  std::vector<Violation> violations;
  for (const auto& old : before) {
    if (old.state != "running") {
      continue;
    }
    const std::string service = service_of(old);
    const auto now = context.engine->find_container(old.name, context.call(exec_deadline));
    const auto declared = context.stack.services.find(service);
    const bool may_end = declared != context.stack.services.end() && compose::is_one_shot(declared->second);
    if (now && now->state == "running" && now->started_at == old.started_at) {
      continue;
    }
    if (now && may_end && now->has_finished() && now->exit_code == 0) {
      continue;
    }
    context.report.services[service] = false;
    violations.push_back({"service:" + service,
                          "running all through this gate",
                          !now ? "its container is gone"
                          : now->state == "running"
                              ? "it ended and was started again"
                              : fmt::format("{}, exit code {}", now->state, now->exit_code),
                          {},
                          read_log_of(service)});
  }
  return violations;
}

void add(std::vector<Violation>& all, std::vector<Violation> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

GateVerdict check_contracts(Context& context) {
  if (context.stack.services.empty()) {
    return GateVerdict::skipped("the project declares no stack");
  }
  const Containers before = look(context);
  std::vector<Violation> violations = still_healthy(context);
  const auto& away = context.stack.inactive;
  std::size_t held = 0;
  for (const auto& contract : context.project.contracts) {
    if (std::find(away.begin(), away.end(), contract.service) != away.end()) {
      base::StepScope step(context.sink, context.clock, "contract:" + contract.service, shown(contract));
      step.finish("not_applicable", "no active profile has the service");
      continue;
    }
    ++held;
    add(violations, check_one(context, contract, before));
  }
  add(violations, ended_meanwhile(context, before));
  if (violations.empty()) {
    return GateVerdict::passed(
        fmt::format("{} services healthy, {} contracts hold", context.report.services.size(), held));
  }
  std::vector<std::string> sentences;
  std::vector<std::string> remedies;
  for (const auto& violation : violations) {
    sentences.push_back(sentence(violation));
    if (std::find(remedies.begin(), remedies.end(), violation.remedy) == remedies.end()) {
      remedies.push_back(violation.remedy);
    }
  }
  return GateVerdict::failed(base::ExitCode::contract, fmt::format("{}", fmt::join(sentences, "; ")),
                             fmt::format("{}", fmt::join(remedies, "; ")));
}

}  // namespace fresh::pipeline
