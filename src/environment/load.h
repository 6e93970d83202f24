#pragma once

#include "document/node.h"
#include "environment/spec.h"

namespace fresh::environment {

/// Reads `environment:` of fresh-clone.yaml. `lock` is a path, or a map from provider to path where provider
/// and fallback need different ones. A null node gives the container provider. Throws Error (precheck) with
/// place for unknown keys and providers, a fallback to the same provider, names that are no variable names,
/// and a lock outside the project.
EnvironmentSpec load(const document::Node& node);

}  // namespace fresh::environment
