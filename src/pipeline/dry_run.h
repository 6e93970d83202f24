#pragma once

#include "base/clock.h"
#include "compose/spec.h"
#include "engine/engine.h"
#include "pipeline/event_bus.h"
#include "pipeline/project.h"
#include "pipeline/settings.h"
#include "source/git.h"

#include <stop_token>
#include <string>

namespace fresh::pipeline {

/// What a dry run knows before it asks the engine.
struct DryRun {
  const RunSettings& settings;
  const ProjectSpec& project;
  source::Commit commit;
  compose::Project stack;
  std::string engine;  ///< which one and why, for people
  std::filesystem::path cache_folder;
};

/// The sheet of a dry run: each gate in its order, and below it what it would do. After a reset the stack is
/// planned as if G3 had removed what is the project's and G4 had made every image.
std::string dry_run_text(const DryRun& run, engine::EngineReader& reader, const base::Clock& clock,
                         const std::stop_token& stop);

/// What `run` would do, gate by gate, as text. Only looks: the engine is asked through engine::EngineReader,
/// an embedded engine is not started, nothing is written. Throws base::Error as the gates would.
std::string dry_run(const Surroundings& surroundings, const RunSettings& settings, EventBus& bus,
                    const base::Clock& clock, const std::stop_token& stop);

}  // namespace fresh::pipeline
