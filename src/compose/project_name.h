#pragma once

#include "compose/load.h"

#include <string>

namespace fresh::compose {

/// The name that the project will have: that of the request, COMPOSE_PROJECT_NAME, `name:` or the folder.
/// Only the files' `name:` is looked at. Throws base::Error for files that are not there or no YAML, and for
/// no name.
std::string project_name(const LoadRequest& request);

}  // namespace fresh::compose
