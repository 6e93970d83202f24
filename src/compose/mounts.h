#pragma once

#include "document/node.h"

#include <string>
#include <string_view>

namespace fresh::compose {

/// The long form of a short volume, `[source:]target[:options]`, paths as they are written: a source that is
/// a path is a bind, one letter before a colon a drive. Options that nobody knows are left out, as docker
/// compose does. Refuses, with the place, what has empty or too many parts.
document::Node long_mount(const document::Node& text);

/// The target that long_mount would find.
std::string mount_target(const document::Node& text);

/// Go's path.Clean: no `.`, `..`, double or trailing slash; `.` for nothing.
std::string clean_path(std::string_view path);

}  // namespace fresh::compose
