#include "base/error.h"
#include "compose/check.h"
#include "compose/decide.h"
#include "compose/failure.h"
#include "compose/key_support.h"
#include "compose/observe.h"
#include "compose/plan.h"
#include "compose/status.h"
#include "images/provide.h"
#include "pipeline/build_order.h"
#include "pipeline/day.h"
#include "pipeline/other_checkout.h"
#include "pipeline/service_build.h"
#include "pipeline/stack.h"
#include "pipeline/stack_images.h"
#include "pipeline/vault_stack.h"

#include <fmt/core.h>

namespace fresh::pipeline {
namespace {

/// After a bring-up that found nothing wrong, a service without a check that ended with 0 did its work: an
/// exit that was seen, not the absence of one.
void accept_one_shots(const compose::Project& stack, std::vector<ServiceState>& states) {
  for (auto& state : states) {
    const auto service = stack.services.find(state.service);
    state.ok = state.ok || (service != stack.services.end() && state.state == "exited (0)" &&
                            service->second.restart == "no" && !compose::has_check(service->second));
  }
}

/// Whether a plan has started this container.
bool has_started(const compose::Plan& plan, const std::string& container) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const compose::Step& step) {
    const auto* start = std::get_if<compose::Start>(&step.request);
    return start != nullptr && start->container == container;
  });
}

}  // namespace

compose::Project Day::model_for(const UpRequest& request) {
  auto stack = model_of(request.services, request.profiles);
  compose::set_scale(stack, request.scale);
  if (!request.pull.empty()) {
    for (auto& [name, service] : stack.services) {
      const bool is_built = service.build && request.pull != "never" && request.pull != "build";
      service.pull_policy = is_built ? service.pull_policy : request.pull;
    }
  }
  return stack;
}

compose::PlanOptions Day::plan_options(const UpRequest& request) const {
  compose::PlanOptions options{.services = request.services,
                               .gates = gate_settings(project_),
                               .dependencies = request.dependencies,
                               .recreate = request.recreate,
                               .recreate_dependencies = request.recreate_dependencies,
                               .start = request.start,
                               .renew_volumes = request.renew_volumes,
                               .remove_orphans = request.remove_orphans,
                               .grace = request.grace};
  if (request.wait_timeout) {
    options.gate_limit = *request.wait_timeout;
  }
  return options;
}

void Day::provide_images(const compose::Project& stack, const UpRequest& request, engine::Engine& engine) {
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
  for (const auto& name : in_build_order(stack, compose::in_order(stack))) {
    const auto& service = stack.services.at(name);
    if (is_declared(project_, service.image) || service.scale == 0 ||
        (!request.dependencies && !compose::is_meant(request.services, name))) {
      continue;
    }
    if (service.build) {
      const bool always = request.build || service.pull_policy == "build";
      if (!request.no_build && (always || !engine.find_image(service.image, call(look_deadline)))) {
        build_service(stack, service, {}, engine);
      }
    } else if (service.pull_policy == "always") {
      pull({name}, false, "always", false);
    }
  }
}

std::vector<trust::Credential> Day::credentials() {
  if (project_.vault) {
    if (const auto check = check_key_file(project_); !check.ok) {
      throw base::Error(base::ExitCode::precheck,
                        fmt::format("'{}': {}", project_.vault->keys.string(), check.found), check.remedy);
    }
  }
  auto credentials = ensure_project_credentials(project_, surroundings_);
  redactor_->add(values_of(credentials));
  return credentials;
}

BringUpRequest Day::bring_up_request(const compose::Project& stack,
                                     const std::vector<trust::Credential>& credentials,
                                     const std::string& engine_uri) {
  return {.project = project_,
          .surroundings = surroundings_,
          .stack = stack,
          .credentials = credentials,
          .redactor = *redactor_,
          .engine_uri = engine_uri,
          .settle = base::Milliseconds(0),
          .clock = clock_,
          .sink = bus_.sink(),
          .stop = stop_};
}

std::vector<ServiceState> Day::up(const UpRequest& request) {
  const auto lock = locked("up");
  const auto generated = credentials();
  const auto stack = model_for(request);
  const Connection connection = connected(true);
  engine::Engine& engine = *connection.engine;
  provide_images(stack, request, engine);
  BringUpRequest bring = bring_up_request(stack, generated, connection.uri);
  bring.plan = plan_options(request);
  bring.settle = request.wait ? BringUpRequest::usual_settle : base::Milliseconds(0);
  bring.on_planned = [&](const compose::Observed& observed, const compose::Plan& /*plan*/) {
    mind_other_checkouts(project_.name, stack.working_folder, observed.containers, surroundings_, bus_);
  };
  auto result = bring_up(bring, engine);
  for (const auto& note : result.plan.notes) {
    bus_.notice("stack", note + "; 'fresh-clone up --remove-orphans' removes it");
  }
  if (!result.plan.empty()) {
    result.observed.containers = compose::containers_of(project_.name, engine, call(look_deadline));
  }
  auto states = service_states(stack, compose::status_of(result.observed.containers), result.healthy());
  accept_one_shots(stack, states);
  // The look after the bring-up sees more than the last one within it.
  for (const auto& container : result.observed.containers) {
    const bool has_ended =
        container.state == "exited" || container.state == "restarting" || container.state == "dead";
    const auto state = std::find_if(states.begin(), states.end(),
                                    [&](const ServiceState& one) { return one.container == container.name; });
    if (has_ended && state != states.end() && !state->ok && has_started(result.plan, container.name)) {
      throw compose::ended_service(engine, state->service, container);
    }
  }
  return states;
}

void Day::start(const std::vector<std::string>& services, bool restart, bool dependencies,
                std::optional<std::chrono::seconds> grace) {
  const auto lock = locked(restart ? "restart" : "start");
  const auto generated = project_.vault ? credentials() : std::vector<trust::Credential>();
  const auto stack = model_of(services, {});
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  const auto observed = compose::observe(engine, stack, call(look_deadline));
  const auto plan = compose::plan(stack, observed,
                                  {.services = services,
                                   .gates = gate_settings(project_),
                                   .dependencies = dependencies,
                                   .create = false,
                                   .restart = restart,
                                   .grace = grace});
  carry_out(bring_up_request(stack, generated, connection.uri), plan, observed, engine);
}

std::string Day::plan(const UpRequest& request, bool as_json) {
  const auto stack = model_for(request);
  const Connection connection = connected(false);
  engine::EngineReader& reader = *connection.engine;
  const auto observed = compose::observe(reader, stack, call(look_deadline));
  auto plan = compose::plan(stack, observed, plan_options(request));
  for (const auto& folder : other_folders(observed.containers, stack.working_folder)) {
    plan.notes.push_back(fmt::format("the project was brought up from another folder, '{}'", folder));
  }
  for (const auto& notice : compose::key_notices(stack, reader.version())) {
    plan.notes.push_back(fmt::format("{}: {}", notice.place.text(), notice.text));
  }
  const bool nothing = plan.empty() && plan.notes.empty();
  return redactor_->redact(as_json   ? compose::to_json(plan) + "\n"
                           : nothing ? "nothing to do\n"
                                     : compose::to_text(plan));
}

}  // namespace fresh::pipeline
