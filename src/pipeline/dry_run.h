#pragma once

#include <stop_token>
#include <string>

#include "base/clock.h"
#include "pipeline/event_bus.h"
#include "pipeline/settings.h"

namespace fresh::pipeline {

/// What `run` would do, gate by gate, as text. Only looks: the engine is asked through engine::EngineReader, an embedded
/// engine is not started, nothing is written. Throws base::Error as the gates would.
std::string dry_run(const Surroundings& surroundings, const RunSettings& settings, EventBus& bus,
                    const base::Clock& clock, const std::stop_token& stop);

}  // namespace fresh::pipeline
