#pragma once

#include "vault/spec.h"

#include <filesystem>

namespace fresh::vault {

/// Reads `vault:` and the policy files that it names. Throws base::Error (precheck) with the place.
VaultSpec load(const document::Node& node, const std::filesystem::path& project_folder);

}  // namespace fresh::vault
