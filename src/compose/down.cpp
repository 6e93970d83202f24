#include "compose/down.h"

#include "base/doing.h"
#include "compose/observe.h"

#include <algorithm>
#include <utility>

namespace fresh::compose {
namespace {

constexpr int most_passes = 5;
constexpr base::Milliseconds between_passes(100);

/// What a bring-up that was cut off leaves: a container that was made and not started, or a network without any.
bool is_half_made(const Observed& observed) {
  const bool made_only = std::any_of(observed.containers.begin(), observed.containers.end(), [](const auto& container) {
    return container.state != "running" && container.state != "exited";
  });
  return made_only || (observed.containers.empty() && !observed.networks.empty());
}

}  // namespace

DownResult down(const std::string& project, engine::Engine& engine, const DownOptions& down_options,
                const RunOptions& run_options) {
  const base::Doing doing("taking project '{}' down", project);
  const engine::Call call{.deadline = run_options.call_deadline, .stop = run_options.stop};
  DownResult result;
  Observed observed = observe(engine, project, call);
  // An engine may still be making what a killed run asked for a moment ago: look until nothing appears.
  bool more_may_appear = is_half_made(observed);
  for (int pass = 0; pass < most_passes; ++pass) {
    const Plan plan = plan_down(observed, down_options);
    if (plan.empty() && !std::exchange(more_may_appear, false)) {
      break;
    }
    run(plan, engine, run_options);
    result.removed += static_cast<std::size_t>(std::count_if(
        plan.steps.begin(), plan.steps.end(), [](const Step& step) { return step.verb == Verb::remove; }));
    if (more_may_appear) {
      run_options.clock.wait(between_passes, run_options.stop);
    }
    observed = observe(engine, project, call);
  }
  const Observed& after = observed;
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
