#include "compose/down.h"
#include "compose/observe.h"
#include "pipeline/context.h"
#include "pipeline/other_checkout.h"
#include "pipeline/vault_stack.h"

#include <fmt/format.h>

namespace fresh::pipeline {
namespace {

constexpr base::Milliseconds observe_deadline(60'000);

}  // namespace

GateVerdict reset_state(Context& context) {
  auto observed = compose::observe(*context.engine, context.project.name, context.call(observe_deadline));
  if (!context.stack.services.empty()) {
    mind_other_checkouts(context.project.name, context.stack.working_folder, observed.containers,
                         context.surroundings, context.bus);
  }
  auto& reset = context.report.reset;
  if (!context.settings.reset) {
    reset.action = "kept (--no-reset)";
    return GateVerdict::skipped("state kept by --no-reset; this run counts as non-deterministic");
  }
  const auto& name = context.project.name;
  const compose::DownOptions everything{.volumes = true};
  reset.action = "reset";
  const auto result =
      compose::down(name, std::move(observed), *context.engine, everything,
                    {.clock = context.clock, .sink = context.sink, .stop = context.stop},
                    [&reset](const std::string& subject) { reset.removed.push_back(subject); });
  if (!result.left.empty()) {
    return GateVerdict::failed(
        base::ExitCode::deploy, fmt::format("still there after the reset: {}", fmt::join(result.left, ", ")),
        fmt::format("stop what uses them, then run 'fresh-clone down -v' in project '{}'", name));
  }
  const auto keys = remove_keys_of_removed(context.project, context.surroundings,
                                           context.report.engine.connection, reset.removed);
  if (keys) {
    reset.removed.push_back(*keys);
  }
  return GateVerdict::passed(
      result.removed.empty() ? "nothing to remove"
                             : fmt::format("{} containers, networks and volumes removed{}",
                                           result.removed.size(), keys ? ", and the vault's key file" : ""));
}

}  // namespace fresh::pipeline
