#include <fmt/core.h>

#include "compose/observe.h"
#include "compose/plan.h"
#include "compose/run.h"
#include "compose/status.h"
#include "pipeline/context.h"
#include "pipeline/service_state.h"
#include "pipeline/stack.h"

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
  const auto observed = compose::observe(*context.engine, context.stack, context.call(observe_deadline));
  const auto plan = compose::plan(context.stack, observed, {.gates = gate_settings(context.project)});
  for (const auto& note : plan.notes) {
    context.bus.notice("compose", note);
  }
  const auto result = compose::run(plan, context.stack, *context.engine,
                                   {.clock = context.clock, .sink = context.sink, .stop = context.stop});
  // Not what the bring-up saw, but what holds now: also for services that ran already.
  const auto probed = compose::probe_all(context.stack, *context.engine, context.call(observe_deadline));
  const auto found = compose::status(context.stack.name, *context.engine, context.call(observe_deadline));
  context.report.services = healthy_services(context.stack, service_states(context.stack, found, probed));
  std::string unhealthy;
  for (const auto& [service, healthy] : context.report.services) {
    unhealthy += healthy ? "" : (unhealthy.empty() ? "" : ", ") + service;
  }
  if (!unhealthy.empty()) {
    return GateVerdict::failed(base::ExitCode::contract, fmt::format("not healthy after the bring-up: {}", unhealthy),
                               "read the service's log: fresh-clone logs " + unhealthy.substr(0, unhealthy.find(',')));
  }
  return GateVerdict::passed(fmt::format("{} services up, {} health gates opened in {} steps", context.report.services.size(),
                                         result.gates.size(), result.steps));
}

}  // namespace fresh::pipeline
