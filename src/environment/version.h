#pragma once

#include <compare>
#include <string_view>

namespace fresh::environment {

/// Compares the release numbers of two PEP 440 versions: `3.9` < `3.10`, `1.0` == `1.0.0`. What follows the
/// numbers
/// (`rc1`, `.post2`) decides between equal ones, as text.
std::weak_ordering compare_versions(std::string_view left, std::string_view right);

/// True when `text` begins with a digit, as every version does.
bool is_version(std::string_view text);

}  // namespace fresh::environment
