#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "compose/spec.h"
#include "engine/engine.h"

#include <chrono>
#include <functional>
#include <map>
#include <stop_token>
#include <string>

namespace fresh::compose {

struct OneShotOptions {
  const base::Clock& clock;
  std::string suffix;  ///< of the container's name: `<project>-<service>-run-<suffix>`
  std::chrono::milliseconds timeout{600'000};
  base::EventSink sink =
      base::ignore_event;  ///< each line of output as it comes, as `log.line` of `service:NAME`
  std::stop_token stop = {};
};

struct OneShotResult {
  int exit_code = 0;
  bool out_of_memory = false;
  std::string out;
  std::string err;
  base::Milliseconds took{0};

  bool succeeded() const { return exit_code == 0; }
};

/// Runs a service once in a container of its own, like `docker compose run --rm`: networks, mounts, secrets
/// as declared, no published ports, `extra_environment` over its own. The networks and volumes must be there.
/// The exit code is taken from a container that really ran and ended; a failing one is a value. Throws Error
/// (deploy) when it cannot be started, EngineError(timed_out) at the time-out, Interrupted on stop; the
/// container is removed in every case.
OneShotResult run_one_shot(const Project& project, const std::string& service,
                           const std::map<std::string, std::string>& extra_environment,
                           engine::Engine& engine, const OneShotOptions& options);

}  // namespace fresh::compose
