#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::compose {

/// Splits a command as docker compose does (go-shellwords): blanks, single and double quotes, backslash,
/// `$()` kept as one word; nothing is expanded, and the command ends at an unquoted `;`, `&`, `|`, `<` or
/// `>`: no shell runs it. Nothing for what is not closed. For `command` and `entrypoint` that are written as
/// one text.
std::optional<std::vector<std::string>> split_words(std::string_view text);

}  // namespace fresh::compose
