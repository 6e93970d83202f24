#pragma once

#include "compose/spec.h"
#include "engine/engine.h"

namespace fresh::bench {

/// Makes and starts the services of a stack by plain calls and no logic, each as soon as what it needs
/// answers, and returns when every check has succeeded once: what no tool can be faster than, but for its
/// order of calls.
void floor_up(engine::Engine& engine, const compose::Project& stack);

/// Removes what floor_up made.
void floor_down(engine::Engine& engine, const compose::Project& stack);

}  // namespace fresh::bench
