#pragma once

#include "notebooks/spec.h"

#include <filesystem>
#include <vector>

namespace fresh::notebooks {

/// The notebooks below the spec's paths, sorted, each once; `.ipynb_checkpoints` and hidden folders are left
/// out. Throws base::Error (notebooks) for a file that is no nbformat 4 notebook or not one of Python, and
/// when there is none at all.
std::vector<Notebook> discover(const NotebooksSpec& spec, const std::filesystem::path& project_folder);

}  // namespace fresh::notebooks
