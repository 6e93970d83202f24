#include "base/error.h"
#include "base/task_group.h"
#include "compose/check.h"
#include "compose/down.h"
#include "compose/failure.h"
#include "compose/observe.h"
#include "compose/plan.h"
#include "compose/run.h"
#include "engine/labels.h"
#include "pipeline/day.h"
#include "pipeline/other_checkout.h"
#include "pipeline/stack.h"
#include "pipeline/stack_images.h"
#include "pipeline/vault_stack.h"

#include <fmt/core.h>

#include <algorithm>
#include <mutex>
#include <set>

namespace fresh::pipeline {
namespace {

using base::Error;
using base::ExitCode;

std::map<std::string, std::vector<engine::ExecRequest>> stop_hooks(
    const std::optional<compose::Project>& stack) {
  return stack ? compose::stop_hooks(*stack) : std::map<std::string, std::vector<engine::ExecRequest>>();
}

}  // namespace

std::optional<compose::Project> Day::model_to_stop() {
  if (project_.stack.files.empty()) {
    return std::nullopt;
  }
  try {
    return load_stack_model(project_, surroundings_, day_seed, {"*"});
  } catch (const Error& error) {
    // A stack whose file was broken since must still go down.
    bus_.warn("stack", fmt::format("the compose files cannot be read, so no pre_stop hook runs, and a built "
                                   "image without a container stays: {}",
                                   error.message()));
    return std::nullopt;
  }
}

Removal Day::down(const DownRequest& request) {
  const auto lock = locked("down");
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  const auto stack = model_to_stop();
  compose::DownOptions options{.volumes = request.volumes,
                               .services = request.services,
                               .pre_stop = stop_hooks(stack),
                               .grace = request.grace};
  auto observed = compose::observe(engine, project_.name, call(look_deadline));
  if (!project_.stack.files.empty()) {
    mind_other_checkouts(project_.name, working_folder(project_, surroundings_), observed.containers,
                         surroundings_, bus_);
  }
  Removal removal;
  std::set<std::string> images;
  if (request.images == "all" || request.images == "local") {
    for (const auto& service : stack ? built_services_of(*stack) : std::set<std::string>()) {
      if (compose::is_meant(request.services, service)) {
        images.insert(fmt::format("{}-{}", project_.name, service));
      }
    }
    for (const auto& container : observed.containers) {
      const auto service = engine::labels::value_of(container.labels, engine::labels::compose_service);
      if (!compose::is_meant(request.services, service)) {
        continue;
      }
      if (request.images == "all" || is_local_image(container.image, project_.name, service)) {
        images.insert(container.image);
      }
    }
  }
  auto result = compose::down(project_.name, std::move(observed), engine, options,
                              {.clock = clock_, .sink = bus_.sink(), .stop = stop_});
  removal.removed = std::move(result.removed);
  removal.remaining = std::move(result.left);
  if (auto keys = remove_keys_of_removed(project_, surroundings_, connection.uri, removal.removed)) {
    removal.removed.push_back(*std::move(keys));
  }
  for (const auto& image : images) {
    try {
      if (engine.remove_image(image, false, call(look_deadline))) {
        removal.removed.push_back("image:" + image);
      }
    } catch (const engine::EngineError& error) {
      if (error.is_lost()) {
        throw;
      }
      bus_.warn("image:" + image, "stays: " + error.message());
    }
  }
  return removal;
}

void Day::stop(const std::vector<std::string>& services, std::optional<std::chrono::seconds> grace) {
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  find(engine, services, false);
  const auto observed = compose::observe(engine, project_.name, call(look_deadline));
  act(compose::plan_down(
          observed,
          {.remove = false, .services = services, .pre_stop = stop_hooks(model_to_stop()), .grace = grace}),
      engine);
}

std::vector<StackContainer> Day::removable(const std::vector<std::string>& services, bool running) {
  const Connection connection = connected(false);
  auto found = find(*connection.engine, services, true);
  std::erase_if(found, [&](const StackContainer& one) { return !running && one.container.is_alive(); });
  return found;
}

void Day::remove(const std::vector<StackContainer>& containers, bool volumes) {
  const Connection connection = connected(false);
  compose::Observed observed;
  for (const auto& one : containers) {
    observed.containers.push_back(one.container);
  }
  std::set<std::string> services;
  for (const auto& one : containers) {
    services.insert(one.service);
  }
  act(compose::plan_down(observed, {.anonymous_volumes = volumes,
                                    .services = {services.begin(), services.end()},
                                    .pre_stop = stop_hooks(model_to_stop())}),
      *connection.engine);
}

void Day::kill(const std::vector<std::string>& services, const std::string& signal, bool remove_orphans) {
  std::optional<compose::Project> stack;
  if (remove_orphans) {
    stack = model();
  }
  const Connection connection = connected(false);
  for (const auto& one : find(*connection.engine, services, false)) {
    if (one.container.is_alive()) {
      connection.engine->kill_container(one.container.name, signal, call(look_deadline));
      bus_.notice("service:" + one.service, fmt::format("{} sent to {}", signal, one.container.name));
    }
  }
  for (const auto& one : stack ? find(*connection.engine, {}, false) : std::vector<StackContainer>{}) {
    if (!stack->services.contains(one.service) &&
        !std::binary_search(stack->inactive.begin(), stack->inactive.end(), one.service)) {
      connection.engine->remove_container(one.container.name, false, call(look_deadline));
      bus_.notice("service:" + one.service, one.container.name + " removed");
    }
  }
}

void Day::pause(const std::vector<std::string>& services, bool pause) {
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  for (const auto& one : find(engine, services, false)) {
    if (pause && one.container.state == "running") {
      engine.pause_container(one.container.name, call(look_deadline));
    } else if (!pause && one.container.state == "paused") {
      engine.unpause_container(one.container.name, call(look_deadline));
    } else {
      continue;
    }
    bus_.notice("service:" + one.service,
                fmt::format("{} {}", one.container.name, pause ? "paused" : "goes on"));
  }
}

void Day::wait(const std::vector<std::string>& services, const std::function<void(const Ended&)>& sink) {
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  std::mutex mutex;
  base::TaskGroup waits(stop_);
  for (const auto& one : find(engine, services, false)) {
    waits.start([&, one](const std::stop_token& stop) {
      const engine::Call whole{.deadline = follow_deadline, .stop = stop};
      auto container = engine.find_container(one.container.name, whole);
      if (container && container->is_alive()) {
        const auto pending = engine.arm_exit(one.container.name, whole);
        // An exit between the look and the arming is seen by a second look.
        container = engine.find_container(one.container.name, whole);
        if (container && container->is_alive()) {
          pending->wait(whole);
          container = engine.find_container(one.container.name, whole);
        }
      }
      if (!container || !container->has_finished()) {
        throw Error(ExitCode::deploy,
                    fmt::format("the container '{}' did not run to an end: it {}", one.container.name,
                                container ? "is " + container->state : "is gone"),
                    "start it: fresh-clone start " + one.service);
      }
      const std::scoped_lock lock(mutex);
      sink({one.service, one.container.name, container->exit_code,
            compose::shown_exit(container->exit_code, container->oom_killed)});
    });
  }
  waits.join();
}

}  // namespace fresh::pipeline
