#include "pipeline/day.h"

#include <fmt/core.h>

#include <algorithm>
#include <mutex>

#include "base/error.h"
#include "base/task_group.h"
#include "compose/canonical_yaml.h"
#include "compose/down.h"
#include "compose/observe.h"
#include "compose/plan.h"
#include "compose/status.h"
#include "images/provide.h"
#include "notebooks/discover.h"
#include "pipeline/bring_up.h"
#include "pipeline/seed_assertions.h"
#include "pipeline/stack.h"
#include "pipeline/stack_images.h"
#include "pipeline/vault_stack.h"
#include "state/run_lock.h"
#include "trust/redact.h"

namespace fresh::pipeline {
namespace {

constexpr std::int64_t day_seed = 42;
constexpr base::Milliseconds look_deadline(60'000);
constexpr base::Milliseconds follow_deadline = std::chrono::hours(24);

}  // namespace

Day::Day(const Surroundings& surroundings, EventBus& bus, const base::Clock& clock, std::stop_token stop)
    : surroundings_(surroundings),
      bus_(bus),
      clock_(clock),
      stop_(std::move(stop)),
      project_(load_project(surroundings.project_folder)) {
  bus_.filter([redactor = redactor_](std::string_view text) { return redactor->redact(text); });
}

Connection Day::connected(bool may_start) {
  return connect(surroundings_, named_engine(surroundings_, project_.engine), may_start, bus_, clock_, stop_);
}

compose::Project Day::model() { return load_stack_model(project_, surroundings_, day_seed, {}); }

std::string Day::config() {
  const auto variables = stack_variables(project_, surroundings_, day_seed);
  std::vector<std::string> secrets;
  for (const auto& name : project_.credentials) {
    secrets.push_back(variables.at(variable_of(name)));
  }
  return trust::Redactor(secrets).redact(compose::canonical_yaml(model()));
}

std::vector<ServiceState> Day::up(const std::vector<std::string>& services, const std::vector<std::string>& profiles) {
  const state::RunLock lock(surroundings_.state_folder(), state::this_process("up", base::rfc3339(clock_.wall())));
  if (project_.vault) {
    if (const auto check = check_key_file(project_); !check.ok) {
      throw base::Error(base::ExitCode::precheck, fmt::format("'{}': {}", project_.vault->keys.string(), check.found), check.remedy);
    }
  }
  const auto credentials = ensure_project_credentials(project_, surroundings_);
  redactor_->add(values_of(credentials));
  const auto stack = load_stack_model(project_, surroundings_, day_seed, profiles);
  const Connection connection = connected(true);
  engine::Engine& engine = *connection.engine;
  if (!project_.images.empty()) {
    const auto everything = load_stack_model(project_, surroundings_, day_seed, {"*"});
    images::provide(stack_images(project_, stack, everything), engine,
                    {.project = project_.name,
                     .project_folder = project_.folder,
                     .cache_folder = surroundings_.cache_home(),
                     .clock = clock_,
                     .sink = bus_.sink(),
                     .stop = stop_});
  }
  auto result = bring_up({.project = project_,
                          .surroundings = surroundings_,
                          .stack = stack,
                          .credentials = credentials,
                          .redactor = *redactor_,
                          .engine_uri = connection.uri,
                          .services = services,
                          .settle = base::Milliseconds(0),
                          .clock = clock_,
                          .sink = bus_.sink(),
                          .stop = stop_},
                         engine);
  if (!result.plan.empty()) {
    result.observed.containers = compose::containers_of(project_.name, engine, call(look_deadline));
  }
  return service_states(stack, compose::status_of(result.observed.containers), result.healthy());
}

Removal Day::down(bool volumes) {
  const state::RunLock lock(surroundings_.state_folder(), state::this_process("down", base::rfc3339(clock_.wall())));
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  auto result = compose::down(project_.name, engine, {.volumes = volumes},
                              {.clock = clock_, .sink = bus_.sink(), .stop = stop_});
  if (auto keys = remove_keys_of_removed(project_, surroundings_, connection.uri, result.removed)) {
    result.removed.push_back(*std::move(keys));
  }
  return {.removed = std::move(result.removed), .remaining = std::move(result.left)};
}

std::vector<ServiceState> Day::status(bool health) {
  const auto stack = model();
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  const auto probed =
      health ? compose::probe_all(stack, engine, call(look_deadline)) : std::map<std::string, bool>();
  return service_states(stack, compose::status(project_.name, engine, call(look_deadline)), probed);
}

void Day::logs(const std::vector<std::string>& services, const engine::LogRequest& request,
               const std::function<void(const std::string&)>& sink) {
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  std::vector<compose::ServiceStatus> wanted = compose::status(project_.name, engine, call(look_deadline));
  for (const auto& name : services) {
    if (std::none_of(wanted.begin(), wanted.end(), [&](const auto& one) { return one.service == name; })) {
      throw base::Error(base::ExitCode::precheck, fmt::format("the service '{}' has no container", name),
                        "see 'fresh-clone ps' for those that have");
    }
  }
  std::erase_if(wanted, [&](const auto& one) {
    return !services.empty() && std::find(services.begin(), services.end(), one.service) == services.end();
  });
  std::mutex mutex;
  const auto read = [&](const compose::ServiceStatus& one, const std::stop_token& stop) {
    compose::read_log(
        engine, one.container, request,
        [&](engine::Stream /*stream*/, std::string_view line) {
          const std::scoped_lock lock(mutex);
          sink(fmt::format("{} | {}", one.service, line));
        },
        {.deadline = request.follow ? follow_deadline : look_deadline, .stop = stop});
  };
  base::TaskGroup followers(stop_);
  for (const auto& one : wanted) {
    if (request.follow) {
      followers.start([&read, one](const std::stop_token& stop) { read(one, stop); });
    } else {
      read(one, stop_);
    }
  }
  followers.join();
}

std::string Day::plan(bool as_json) {
  const auto stack = model();
  const Connection connection = connected(false);
  engine::EngineReader& reader = *connection.engine;
  const auto plan = compose::plan(stack, compose::observe(reader, stack, call(look_deadline)),
                                  {.gates = gate_settings(project_)});
  if (as_json) {
    return compose::to_json(plan) + "\n";
  }
  return plan.empty() ? "nothing to do\n" : compose::to_text(plan);
}

Validity Day::validate() {
  Validity validity{.images = project_.images.size(), .contracts = project_.contracts.size(), .warnings = {}};
  if (project_.stack.files.empty()) {
    return validity;
  }
  const auto stack = project_.seed ? load_stack_with_seeder(project_, surroundings_, day_seed) : model();
  check_stack_names(project_, stack);
  validity.services = stack.services.size();
  if (project_.seed && !project_.seed->assertions.empty()) {
    load_seed_assertions(project_.seed->assertions, project_.seed->assertions.lexically_relative(project_.folder).string());
  }
  if (project_.notebooks) {
    notebooks::discover(*project_.notebooks, project_.folder);
  }
  validity.warnings = stack.warnings;
  for (const auto& ignored : stack.ignored) {
    validity.warnings.push_back(fmt::format("{}: '{}' is not applied", ignored.place.text(), ignored.path));
  }
  return validity;
}

}  // namespace fresh::pipeline
