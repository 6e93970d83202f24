#pragma once

#include "compose/spec.h"
#include "engine/engine.h"

#include <map>
#include <string>
#include <vector>

namespace fresh::compose {

/// What an engine holds of a project: a snapshot, the other half of what a plan is made of.
struct Observed {
  engine::Flavor flavor = engine::Flavor::docker;
  std::vector<engine::Container>
      containers;  ///< by label, sorted by name; those that do not run are inspected
  std::map<std::string, engine::Network>
      networks;  ///< by name; of the project, and the external ones it names
  std::map<std::string, engine::Volume> volumes;
  std::map<std::string, engine::Image> images;  ///< by reference as the service writes it
};

/// The containers with compose's label of the project, sorted by name; those that do not run are inspected.
std::vector<engine::Container> containers_of(const std::string& project, engine::EngineReader& reader,
                                             const engine::Call& call);

/// What carries the project's label, ours or docker compose's: lists only. For `down` and `ps`, which need no
/// file.
Observed observe(engine::EngineReader& reader, const std::string& project, const engine::Call& call);

/// As above, with the external networks and volumes, the images of the services, and an inspection of each
/// container that does not run.
Observed observe(engine::EngineReader& reader, const Project& project, const engine::Call& call);

}  // namespace fresh::compose
