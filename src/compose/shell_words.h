#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::compose {

/// Splits a command as a POSIX shell splits words: blanks, single and double quotes, backslash; nothing is
/// expanded. Nothing for an unclosed quote. For `command` and `entrypoint` that are written as one text.
std::optional<std::vector<std::string>> split_words(std::string_view text);

}  // namespace fresh::compose
