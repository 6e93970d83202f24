#pragma once

#include "document/node.h"

#include <filesystem>
#include <string>

namespace fresh::compose {

/// What relative paths and `~` stand for.
struct PathBase {
  std::filesystem::path working_folder;
  std::string home;  ///< empty: `~` is refused
};

/// Brings every service of a merged file into the long form (reference 1.7): lists for commands, maps for
/// environment, labels, networks and dependencies, one entry a port, typed volumes, absolute paths, the
/// written defaults. The result of a second pass is the same. Refuses what has no long form, with the place.
void make_canonical(document::Node& root, const PathBase& base);

}  // namespace fresh::compose
