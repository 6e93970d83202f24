#include "compose/status.h"
#include "pipeline/bring_up.h"
#include "pipeline/context.h"
#include "pipeline/service_state.h"
#include "pipeline/stack.h"

#include <fmt/format.h>

namespace fresh::pipeline {
namespace {

constexpr base::Milliseconds observe_deadline(60'000);

}  // namespace

GateVerdict deploy(Context& context) {
  if (context.stack.services.empty()) {
    return GateVerdict::skipped("the project declares no stack");
  }
  for (const auto& [name, service] : context.stack.services) {
    context.report.services[name] = false;
  }
  const auto result = bring_up({.project = context.project,
                                .surroundings = context.surroundings,
                                .stack = context.stack,
                                .credentials = context.credentials,
                                .redactor = *context.redactor,
                                .engine_uri = context.report.engine.connection,
                                .plan = {.gates = gate_settings(context.project)},
                                .clock = context.clock,
                                .sink = context.sink,
                                .stop = context.stop},
                               *context.engine);
  for (const auto& note : result.plan.notes) {
    context.bus.notice("compose", note);
  }
  context.report.vault = result.vault;
  // Not what the bring-up saw, but what holds now: also for services that ran already.
  const auto probed = compose::probe_all(context.stack, *context.engine, context.call(observe_deadline));
  const auto found = compose::status(context.stack.name, *context.engine, context.call(observe_deadline));
  context.report.services =
      healthy_services(context.stack, service_states(context.stack, found, compose::verdicts(probed)));
  if (const auto& vault = context.project.vault; vault && context.stack.services.contains(vault->service)) {
    const bool is_open = result.vault && result.vault->initialized && !result.vault->sealed;
    context.report.services[vault->service] = context.report.services[vault->service] && is_open;
  }
  std::vector<std::string> unhealthy;
  std::string names;
  for (const auto& [service, healthy] : context.report.services) {
    if (!healthy) {
      const auto one = probed.find(service);
      const bool has_said = one != probed.end() && !one->second.said.empty();
      unhealthy.push_back(has_said ? fmt::format("{} ({})", service, one->second.said) : service);
      names += " " + service;
    }
  }
  if (!unhealthy.empty()) {
    return GateVerdict::failed(base::ExitCode::contract,
                               fmt::format("not healthy after the bring-up: {}", fmt::join(unhealthy, ", ")),
                               fmt::format("read what it wrote: fresh-clone logs{}", names));
  }
  return GateVerdict::passed(
      fmt::format("{} services up, {} health gates opened in {} steps{}", context.report.services.size(),
                  result.stack.gates.size(), result.stack.steps,
                  result.vault ? fmt::format("; vault {}", result.vault->action) : ""));
}

}  // namespace fresh::pipeline
