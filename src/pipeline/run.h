#pragma once

#include "base/clock.h"
#include "exports/spec.h"
#include "pipeline/event_bus.h"
#include "pipeline/settings.h"

#include <stop_token>

namespace fresh::pipeline {

/// The main job: takes the project's lock, walks the gates until one fails, and writes every output either
/// way. Returns the report, whose exit_code is the program's. Throws base::Error only where no run could
/// begin: another one holds the lock (75), a bad run id (2), no folder to lock in (10).
exports::RunReport run(const Surroundings& surroundings, const RunSettings& settings, EventBus& bus,
                       const base::Clock& clock, const std::stop_token& stop);

}  // namespace fresh::pipeline
