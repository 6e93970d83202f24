#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "compose/plan.h"
#include "engine/engine.h"

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::compose {

struct RunOptions {
  const base::Clock& clock;
  base::EventSink sink = base::ignore_event;
  std::stop_token stop = {};
  std::chrono::milliseconds call_deadline{120'000};
  std::chrono::milliseconds pull_deadline{1'800'000};
  /// A service without a gate must still run this long after its start to count as up: a wrong command or a
  /// missing file shows itself by then.
  std::chrono::milliseconds settle{200};
  /// Called before each start of a container, with its service; from several threads.
  std::function<void(const std::string& service, const std::string& container)> before_start = {};
  /// Services whose ends somebody else judges: their containers are not looked at afterwards.
  std::set<std::string> watched = {};
  /// Called after each start of a container, with its service; from several threads.
  std::function<void(const std::string& service)> on_start = {};
};

/// How one service's gate opened.
struct OpenedGate {
  int probes = 0;
  base::Milliseconds took{0};
};

struct RunResult {
  std::size_t steps = 0;
  std::map<std::string, OpenedGate> gates;  ///< by subject, `service:db:1`
};

/// Walks the plan: each step as soon as those before it have ended, as many at a time as the engine gains
/// from. The first failure stops the rest and is thrown: Error (deploy) for a start that failed or a service
/// that ended, Error (contract) for a gate that did not open, both with exit code decoded and last log lines;
/// Interrupted on stop. Afterwards every container of the project that was started is looked at once more:
/// one that ended meanwhile, or that its restart policy is about to start again, is a failure, too.
RunResult run(const Plan& plan, const Project& project, engine::Engine& engine, const RunOptions& options);

/// Walks a plan made without a project (`plan_down`).
RunResult run(const Plan& plan, engine::Engine& engine, const RunOptions& options);

}  // namespace fresh::compose
