#pragma once

#include <map>
#include <string>
#include <string_view>

namespace fresh::environment {

/// Whether a PEP 508 marker such as `python_version < "3.12" and sys_platform == "win32"` holds for an
/// interpreter whose values are given; an empty marker holds. Versions compare as numbers (PEP 440 releases),
/// other values as text. Throws Error (precheck) for what is no marker.
bool marker_holds(std::string_view marker, const std::map<std::string, std::string>& values);

}  // namespace fresh::environment
