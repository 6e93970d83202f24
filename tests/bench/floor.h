#pragma once

#include "engine/engine.h"

#include <string>

namespace fresh::bench {

/// A stack of the bench: `length` services that sleep; in a chain each waits until the one before is healthy.
struct Stack {
  std::string name;
  int length = 1;
  int interval_seconds = 0;  ///< of the healthcheck; 0: no chain, no healthcheck

  bool is_chain() const { return interval_seconds > 0; }
  std::string compose_file(const std::string& image) const;
};

/// The same containers by raw calls and no logic, each as soon as what it needs answers: what no tool can be
/// faster than, but for its order of calls.
void floor_up(engine::Engine& engine, const Stack& stack, const std::string& image);
void floor_down(engine::Engine& engine, const Stack& stack);

}  // namespace fresh::bench
