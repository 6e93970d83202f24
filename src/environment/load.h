#pragma once

#include "document/node.h"
#include "environment/spec.h"

#include <filesystem>

namespace fresh::environment {

/// Reads `environment:` of fresh-clone.yaml. `lock` is a path, or a map from provider to path where provider
/// and fallback need different ones. A null node gives the container provider. Throws Error (precheck) with
/// place for unknown keys and providers, a fallback to the same provider, names that are no variable names,
/// and a lock outside `project`.
EnvironmentSpec load(const document::Node& node, const std::filesystem::path& project);

}  // namespace fresh::environment
