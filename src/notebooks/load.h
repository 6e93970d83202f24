#pragma once

#include "notebooks/spec.h"

#include <filesystem>

namespace fresh::notebooks {

/// Reads `notebooks:`. Throws base::Error (precheck) with the place.
NotebooksSpec load(const document::Node& node, const std::filesystem::path& project_folder);

}  // namespace fresh::notebooks
