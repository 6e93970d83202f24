#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fresh::determinism {

/// The first line in which two texts differ, as each has it; empty where a text has no such line.
struct TextDifference {
  int line = 0;  ///< from 1
  std::string baseline;
  std::string current;
};

/// Nothing when the texts are equal.
std::optional<TextDifference> first_difference(std::string_view baseline, std::string_view current);

/// The part of `line` around where it begins to differ from `other`, at most `width` bytes, cut at whole code
/// points and marked with `…`; control characters are shown as `?`.
std::string excerpt(std::string_view line, std::string_view other, std::size_t width);

}  // namespace fresh::determinism
