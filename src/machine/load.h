#pragma once

#include "document/node.h"
#include "machine/spec.h"

#include <filesystem>

namespace fresh::machine {

/// Reads `machine:` of fresh-clone.yaml: a map, or the path (relative to `project`) of a file that holds one,
/// such as machine/podman-wxd.yaml. A null node gives the defaults. Throws Error (precheck) with place for
/// unknown keys, names that `podman machine` would refuse, numbers out of range, and a minimum above the
/// wanted size.
MachineSpec load(const document::Node& node, const std::filesystem::path& project);

}  // namespace fresh::machine
