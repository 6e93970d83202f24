#pragma once

#include "compose/observe.h"
#include "compose/plan.h"
#include "compose/run.h"
#include "engine/engine.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace fresh::compose {

struct DownResult {
  std::vector<std::string>
      removed;  ///< what the engine no longer shows: `service:db:1`, `network:x`, `volume:y`
  std::vector<std::string> left;  ///< `container:x`, `network:y`: what is there although it was to go
};

/// `pre_stop` of every service that has some, as DownOptions takes it.
std::map<std::string, std::vector<engine::ExecRequest>> stop_hooks(const Project& project);

/// Removes all that carries the project's label, running or not, of any profile: containers in reverse order
/// of their dependencies, networks, volumes when asked. Looks again afterwards: `left` is what the engine
/// still holds. `observed` is what it holds now, as observe() tells for the project. `on_removed` gets each
/// entry of `removed` when it is seen to be gone, also before a failure is thrown.
DownResult down(const std::string& project, Observed observed, engine::Engine& engine,
                const DownOptions& down_options, const RunOptions& run_options,
                const std::function<void(const std::string& subject)>& on_removed = {});

}  // namespace fresh::compose
