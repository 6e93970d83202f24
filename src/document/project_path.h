#pragma once

#include "document/node.h"

#include <string>

namespace fresh::document {

/// The path that `node` holds, relative to the project, in normal form and without a `/` at its end; `.` is
/// the project's folder. Refuses a path that is empty, absolute, or leads out of the project: a file of the
/// project must mean the same in every clone, and an error that shows a line of a file must not show one of
/// elsewhere.
std::string project_path(const Node& node);

}  // namespace fresh::document
