#include "pipeline/bring_up.h"

#include "base/error.h"
#include "base/task_group.h"
#include "compose/observe.h"
#include "pipeline/stack.h"
#include "pipeline/vault_stack.h"
#include "vault/run.h"

#include <condition_variable>
#include <map>
#include <mutex>

namespace fresh::pipeline {
namespace {

constexpr base::Milliseconds observe_deadline(60'000);

/// Opens once, from any thread.
class Latch {
 public:
  void open() {
    const std::scoped_lock lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

  /// Throws Interrupted when `stop` comes first.
  void wait(const std::stop_token& stop, const std::string& what) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [this] { return is_open_; })) {
      throw base::Interrupted(what);
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_open_ = false;
};

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

}  // namespace

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
  BroughtUp result{.observed = compose::observe(engine, request.stack,
                                                {.deadline = observe_deadline, .stop = request.stop}),
                   .plan = {},
                   .stack = {},
                   .vault = {}};
  compose::PlanOptions plan_options = request.plan;
  plan_options.gates = gate_settings(request.project);
  result.plan = compose::plan(request.stack, result.observed, plan_options);
  compose::RunOptions options{
      .clock = request.clock, .sink = request.sink, .stop = request.stop, .settle = request.settle};
  const std::string service = request.project.vault ? request.project.vault->service : std::string();
  const bool will_start = starts(result.plan, service);
  if (!request.project.vault || !request.stack.services.contains(service) ||
      (!will_start && !runs(result.observed, service))) {
    if (!result.plan.empty()) {
      result.stack = compose::run(result.plan, request.stack, engine, options);
    }
    return result;
  }
  // A container that is about to be replaced must not be taken for the one that comes.
  Latch started;
  if (!will_start) {
    started.open();
  }
  base::TaskGroup group(request.stop);
  options.stop = group.token();
  options.on_start = [&](const std::string& name) {
    if (name == service) {
      started.open();
    }
  };
  group.start([&](const std::stop_token& /*stop*/) {
    result.stack = compose::run(result.plan, request.stack, engine, options);
  });
  group.start([&](const std::stop_token& stop) {
    started.wait(stop, "waiting for the vault to start");
    result.vault = open_vault(request, stop);
  });
  group.join();
  return result;
}

}  // namespace fresh::pipeline
