#pragma once

#include "engine/engine.h"
#include "images/provide.h"
#include "images/spec.h"

#include <string>
#include <vector>

namespace fresh::images {

enum class State {
  missing,
  up_to_date,
  stale,      ///< there, but made from other inputs
  unchecked,  ///< there, but what it should be made from is not in the cache
};

/// `missing`, `up to date`, `stale`, `unchecked`.
std::string_view shown(State state);

struct ListedImage {
  std::string name;
  std::string kind;  ///< `base`, `build`, `pull`
  State state = State::missing;
  std::string id;  ///< empty when missing
};

/// The images of the project as they stand, in order of need. Only looks.
std::vector<ListedImage> list(const std::vector<ImageSpec>& specs, engine::EngineReader& engine,
                              const ProvideOptions& options);

}  // namespace fresh::images
