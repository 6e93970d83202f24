#pragma once

#include "compose/tree.h"
#include "document/node.h"

#include <span>
#include <string>
#include <vector>

namespace fresh::compose {

/// Takes `!reset` values out of a file's tree and the tags `!override` off it, and tells where they stood:
/// what earlier files say there no longer counts. Refuses other tags, with the place.
std::vector<TreePath> take_tags(document::Node& root);

/// Removes from `target` what the paths name, as far as it is there; what is below a list stays.
void remove_paths(document::Node& target, std::span<const TreePath> paths);

/// The paths below `services.<name>`, relative to the service.
std::vector<TreePath> below_service(std::span<const TreePath> paths, const std::string& name);

}  // namespace fresh::compose
