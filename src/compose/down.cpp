#include "compose/down.h"

#include "base/doing.h"
#include "base/error.h"

#include <algorithm>
#include <utility>

namespace fresh::compose {
namespace {

constexpr int most_passes = 5;
constexpr base::Milliseconds between_passes(100);

/// What a bring-up that was cut off leaves: a container that was made and not started, or a network without
/// any.
bool is_half_made(const Observed& observed) {
  const bool made_only = std::any_of(
      observed.containers.begin(), observed.containers.end(),
      [](const auto& container) { return container.state != "running" && container.state != "exited"; });
  return made_only || (observed.containers.empty() && !observed.networks.empty());
}

constexpr base::Milliseconds last_look(10'000);

bool holds(const Observed& observed, const Request& request) {
  if (const auto* network = std::get_if<RemoveNetwork>(&request)) {
    return observed.networks.contains(network->name);
  }
  if (const auto* volume = std::get_if<RemoveVolume>(&request)) {
    return observed.volumes.contains(volume->name);
  }
  const auto* removal = std::get_if<RemoveContainer>(&request);
  return removal != nullptr &&
         std::any_of(observed.containers.begin(), observed.containers.end(),
                     [&](const auto& container) { return container.name == removal->container; });
}

/// The subjects of the plan's removals that the engine held before and no longer holds.
std::vector<std::string> gone(const Plan& plan, const Observed& before, const Observed& now) {
  std::vector<std::string> subjects;
  for (const Step& step : plan.steps) {
    if (step.verb == Verb::remove && holds(before, step.request) && !holds(now, step.request)) {
      subjects.push_back(step.subject);
    }
  }
  return subjects;
}

}  // namespace

std::map<std::string, std::vector<engine::ExecRequest>> stop_hooks(const Project& project) {
  std::map<std::string, std::vector<engine::ExecRequest>> hooks;
  for (const auto& [name, service] : project.services) {
    if (!service.pre_stop.empty()) {
      hooks[name] = service.pre_stop;
    }
  }
  return hooks;
}

DownResult down(const std::string& project, Observed observed, engine::Engine& engine,
                const DownOptions& down_options, const RunOptions& run_options,
                const std::function<void(const std::string& subject)>& on_removed) {
  const base::Doing doing("taking project '{}' down", project);
  const engine::Call call{.deadline = run_options.call_deadline, .stop = run_options.stop};
  DownResult result;
  const auto remember = [&](const Plan& plan, const Observed& now) {
    for (auto& subject : gone(plan, observed, now)) {
      if (on_removed) {
        on_removed(subject);
      }
      result.removed.push_back(std::move(subject));
    }
  };
  // An engine may still be making what a killed run asked for a moment ago: look until nothing appears.
  bool more_may_appear = is_half_made(observed);
  for (int pass = 0; pass < most_passes; ++pass) {
    const Plan plan = plan_down(observed, down_options);
    if (plan.empty() && !std::exchange(more_may_appear, false)) {
      break;
    }
    try {
      run(plan, engine, run_options);
    } catch (const base::Error&) {
      try {
        remember(plan, observe(engine, project, {.deadline = last_look}));
      } catch (const base::Error&) {
        // The engine does not answer: nothing is known to be gone, and nothing is claimed.
      }
      throw;
    }
    if (more_may_appear) {
      run_options.clock.wait(between_passes, run_options.stop);
    }
    auto now = observe(engine, project, call);
    remember(plan, now);
    observed = std::move(now);
  }
  const Observed& after = observed;
  if (!down_options.services.empty()) {
    for (const Step& step : plan_down(after, down_options).steps) {
      if (step.verb == Verb::remove) {
        result.left.push_back(step.subject);
      }
    }
    return result;
  }
  for (const auto& container : after.containers) {
    result.left.push_back("container:" + container.name);
  }
  for (const auto& entry : after.networks) {
    result.left.push_back("network:" + entry.first);
  }
  for (const auto& entry : after.volumes) {
    if (down_options.volumes) {
      result.left.push_back("volume:" + entry.first);
    }
  }
  return result;
}

}  // namespace fresh::compose
