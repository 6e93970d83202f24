#include "compose/down.h"

#include "base/doing.h"
#include "compose/observe.h"

#include <algorithm>

namespace fresh::compose {
namespace {

constexpr int most_passes = 5;
constexpr base::Milliseconds between_passes(100);

}  // namespace

DownResult down(const std::string& project, engine::Engine& engine, const DownOptions& down_options,
                const RunOptions& run_options) {
  const base::Doing doing("taking project '{}' down", project);
  const engine::Call call{.deadline = run_options.call_deadline, .stop = run_options.stop};
  DownResult result;
  // An engine may still be making what a killed run asked for a moment ago: look again until nothing appears.
  for (int pass = 0; pass < most_passes; ++pass) {
    const Plan plan = plan_down(observe(engine, project, call), down_options);
    if (plan.empty()) {
      break;
    }
    run(plan, engine, run_options);
    result.removed += static_cast<std::size_t>(std::count_if(
        plan.steps.begin(), plan.steps.end(), [](const Step& step) { return step.verb == Verb::remove; }));
    run_options.clock.wait(between_passes, run_options.stop);
  }
  if (result.removed == 0) {
    return result;
  }
  const Observed after = observe(engine, project, call);
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
