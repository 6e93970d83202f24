#pragma once

#include "compose/canonical.h"
#include "document/node.h"

namespace fresh::compose {

/// One entry of a service's `volumes` in the long form: `type`, `source`, `target`, `read_only` and the map
/// of its type (compose specification, `volumes`). Bind sources become absolute.
document::Node canonical_mount(const document::Node& entry, const PathBase& base);

/// `path` made absolute from the working folder, `~` from home, without `.` and `..`.
std::string absolute_path(const document::Node& path, const PathBase& base);

}  // namespace fresh::compose
