#pragma once

#include "compose/plan.h"
#include "compose/run.h"
#include "engine/engine.h"

#include <string>
#include <vector>

namespace fresh::compose {

struct DownResult {
  std::size_t removed = 0;        ///< containers, networks and volumes
  std::vector<std::string> left;  ///< `container:x`, `network:y`: what is there although it was to go
};

/// Removes all that carries the project's label, running or not, of any profile: containers in reverse order
/// of their dependencies, networks, volumes when asked. Looks again afterwards: `left` is what the engine
/// still holds.
DownResult down(const std::string& project, engine::Engine& engine, const DownOptions& down_options,
                const RunOptions& run_options);

}  // namespace fresh::compose
