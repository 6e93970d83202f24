#include "pipeline/day.h"

#include "base/error.h"
#include "compose/key_support.h"
#include "compose/run.h"
#include "notebooks/discover.h"
#include "pipeline/compose_project.h"
#include "pipeline/kept_secrets.h"
#include "pipeline/seed_assertions.h"
#include "pipeline/stack.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::pipeline {

Day::Day(const Surroundings& surroundings, EventBus& bus, const base::Clock& clock, std::stop_token stop)
    : surroundings_(surroundings),
      bus_(bus),
      clock_(clock),
      stop_(std::move(stop)),
      project_(load_day_project(surroundings_)) {
  redactor_->add(kept_secrets(project_, surroundings_));
  bus_.filter([redactor = redactor_](std::string_view text) { return redactor->redact(text); });
}

state::RunLock Day::locked(const std::string& verb) const {
  return {surroundings_.state_folder(), state::this_process(verb, base::rfc3339(clock_.wall()))};
}

Connection Day::connected(bool may_start) {
  return connect(surroundings_, named_engine(surroundings_, project_.engine), may_start, bus_, clock_, stop_);
}

compose::Project Day::model() {
  return load_stack_model(project_, surroundings_, day_seed, {});
}

ConfigText Day::config(const ConfigRequest& request) {
  return config_text(project_, surroundings_, request);
}

compose::Project Day::model_of(const std::vector<std::string>& services,
                               const std::vector<std::string>& profiles) {
  auto stack = load_stack_model(project_, surroundings_, day_seed, profiles);
  const bool sleeping = std::any_of(services.begin(), services.end(), [&](const std::string& name) {
    return std::binary_search(stack.inactive.begin(), stack.inactive.end(), name);
  });
  if (!sleeping) {
    return stack;
  }
  // Who names a service wants its profile.
  const auto everything = load_stack_model(project_, surroundings_, day_seed, {"*"});
  std::vector<std::string> active = profiles;
  for (const auto& name : services) {
    if (const auto found = everything.services.find(name); found != everything.services.end()) {
      active.insert(active.end(), found->second.profiles.begin(), found->second.profiles.end());
    }
  }
  return load_stack_model(project_, surroundings_, day_seed, active);
}

void Day::act(const compose::Plan& plan, engine::Engine& engine) {
  compose::run(plan, engine, {.clock = clock_, .sink = bus_.sink(), .stop = stop_});
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
    load_seed_assertions(project_.seed->assertions,
                         project_.seed->assertions.lexically_relative(project_.folder).string());
  }
  if (project_.notebooks) {
    notebooks::discover(*project_.notebooks, project_.folder);
  }
  validity.warnings = stack.warnings;
  for (const auto& notice : compose::key_notices(stack, std::nullopt)) {
    validity.warnings.push_back(fmt::format("{}: {}", notice.place.text(), notice.text));
  }
  return validity;
}

}  // namespace fresh::pipeline
