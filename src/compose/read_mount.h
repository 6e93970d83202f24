#pragma once

#include "compose/spec.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// The typed mount of a canonical entry of `volumes`; refuses types that no engine here has (npipe, cluster,
/// image).
engine::Mount read_mount(const document::Node& node);

/// An entry of `tmpfs`: `/path` or `/path:size=64m,mode=1777`.
engine::Mount read_tmpfs(const std::string& text, const document::Place& place);

}  // namespace fresh::compose
