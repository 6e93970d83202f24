#pragma once

#include "document/node.h"
#include "images/spec.h"

#include <filesystem>
#include <vector>

namespace fresh::images {

/// Reads the `images` list of fresh-clone.yaml, in the order of the file. Throws Error with file, line and
/// column for unknown keys, names without a tag or given twice, folders that do not exist or lead out of the
/// project, and for `from` or `fetch.image` that name no image of the list.
std::vector<ImageSpec> load(const document::Node& list, const std::filesystem::path& project_folder);

}  // namespace fresh::images
