#pragma once

#include "base/clock.h"
#include "engine/engine.h"
#include "engine/resolve.h"
#include "pipeline/event_bus.h"
#include "pipeline/settings.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// The one engine that was resolved.
struct Connection {
  std::unique_ptr<engine::Engine> engine;
  std::string uri;
  std::string origin;  ///< `--engine`, `CONTAINER_HOST`, `embedded engine`, ...
  std::string why;
  std::vector<std::string> limitations;  ///< what this engine will not do on this host
};

/// Where the engine is asked for before the usual order: `--engine`, else fresh-clone.yaml, else a started
/// machine.
struct NamedEngine {
  std::string uri;
  std::string origin;
};

/// Resolves and connects; what is named is used or this throws (exit 20), nothing else is tried. With nothing
/// named and no engine answering, starts the embedded engine when `may_start` allows it. Says the choice on
/// the bus.
Connection connect(const Surroundings& surroundings, const std::optional<NamedEngine>& named, bool may_start,
                   EventBus& bus, const base::Clock& clock, const std::stop_token& stop);

/// The engine that the flag or the file names, if any.
std::optional<NamedEngine> named_engine(const Surroundings& surroundings,
                                        const std::optional<std::string>& file_engine);

}  // namespace fresh::pipeline
