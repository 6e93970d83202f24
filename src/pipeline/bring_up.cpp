#include "pipeline/bring_up.h"

#include "base/error.h"
#include "base/latch.h"
#include "base/task_group.h"
#include "compose/key_support.h"
#include "compose/observe.h"
#include "pipeline/stack.h"
#include "pipeline/vault_stack.h"
#include "vault/run.h"

#include <map>

namespace fresh::pipeline {
namespace {

constexpr base::Milliseconds observe_deadline(60'000);

exports::VaultReport open_vault(const BringUpRequest& request, const std::stop_token& stop) {
  const auto& spec = *request.project.vault;
  std::map<std::string, std::string> values;
  for (const auto& credential : request.credentials) {
    values[credential.name] = credential.value;
  }
  vault::OpenOptions options{
      .clock = request.clock,
      .sink = request.sink,
      .stop = stop,
      .home = {.engine = request.engine_uri, .holders = data_holders(request.stack, spec.service)},
      .hide = [&request](const std::vector<std::string>& secrets) { request.redactor.add(secrets); }};
  if (const auto health = request.project.stack.health.find(spec.service);
      health != request.project.stack.health.end()) {
    options.timeout = health->second.timeout;
  }
  const auto result =
      vault::bring_up(spec, key_file_of(request.project, request.surroundings), values, options);
  return {.service = spec.service,
          .action = result.action,
          .version = result.health.version,
          .initialized = result.health.initialized,
          .sealed = result.health.sealed,
          .keys_file = spec.keys.generic_string(),
          .changes = result.changes};
}

compose::RunOptions run_options(const BringUpRequest& request) {
  return {.clock = request.clock,
          .sink = request.sink,
          .stop = request.stop,
          .settle = request.settle,
          .before_start = request.before_start,
          .watched = request.watched};
}

/// The first failure of either ends both.
exports::VaultReport walk_and_open(const BringUpRequest& request, const compose::Plan& plan,
                                   compose::RunResult& stack, engine::Engine& engine) {
  const std::string& service = request.project.vault->service;
  exports::VaultReport report;
  // A container that is about to be replaced must not be taken for the one that comes.
  base::Latch started;
  if (!starts(plan, service)) {
    started.open();
  }
  base::TaskGroup group(request.stop);
  compose::RunOptions options = run_options(request);
  options.stop = group.token();
  options.on_start = [&](const std::string& name) {
    if (name == service) {
      started.open();
    }
  };
  group.start(
      [&](const std::stop_token& /*stop*/) { stack = compose::run(plan, request.stack, engine, options); });
  group.start([&](const std::stop_token& stop) {
    if (!started.wait(stop)) {
      throw base::Interrupted("waiting for the vault to start");
    }
    report = open_vault(request, stop);
  });
  group.join();
  return report;
}

}  // namespace

void tell_support(const compose::Project& stack, const engine::Version& version,
                  const base::EventSink& sink) {
  for (const auto& notice : compose::key_notices(stack, version)) {
    const bool is_ignored = notice.support == compose::Support::ignored;
    sink({.type = is_ignored ? base::event_type::warning : base::event_type::notice,
          .subject = "compose",
          .text = notice.place.text() + ": " + notice.text});
  }
}

std::map<std::string, bool> BroughtUp::healthy() const {
  std::map<std::string, bool> healthy;
  for (const auto& step : plan.steps) {
    if (stack.gates.contains(step.subject)) {
      healthy[step.service] = true;
    }
  }
  return healthy;
}

BroughtUp bring_up(const BringUpRequest& request, engine::Engine& engine) {
  tell_support(request.stack, engine.version(), request.sink);
  BroughtUp result{.observed = compose::observe(engine, request.stack,
                                                {.deadline = observe_deadline, .stop = request.stop}),
                   .plan = {},
                   .stack = {},
                   .vault = {}};
  result.plan = compose::plan(request.stack, result.observed, request.plan);
  if (request.on_planned) {
    request.on_planned(result.observed, result.plan);
  }
  const bool opens = request.project.vault &&
                     request.stack.services.contains(request.project.vault->service) &&
                     (starts(result.plan, request.project.vault->service) ||
                      runs(result.observed, request.project.vault->service));
  if (opens) {
    result.vault = walk_and_open(request, result.plan, result.stack, engine);
  } else if (!result.plan.empty()) {
    result.stack = compose::run(result.plan, request.stack, engine, run_options(request));
  }
  return result;
}

compose::RunResult carry_out(const BringUpRequest& request, const compose::Plan& plan,
                             const compose::Observed& observed, engine::Engine& engine) {
  const std::string service = request.project.vault ? request.project.vault->service : std::string();
  if (request.project.vault &&
      (starts(plan, service) || (concerns(plan, service) && runs(observed, service)))) {
    compose::RunResult result;
    walk_and_open(request, plan, result, engine);
    return result;
  }
  return compose::run(plan, request.stack, engine, run_options(request));
}

}  // namespace fresh::pipeline
