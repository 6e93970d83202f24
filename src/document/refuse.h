#pragma once

#include "base/exit_code.h"
#include "document/node.h"

#include <string>
#include <string_view>
#include <vector>

namespace fresh::document {

/// Throws base::Error: `file:line:column: message`, followed by the source line and a caret below the column.
[[noreturn]] void refuse(const Place& place, const std::string& message, const std::string& hint = {},
                         base::ExitCode code = base::ExitCode::precheck);

/// The hint `put it in quotes: "0440"` with what stands at the place, as it is written there.
std::string quotes_hint(const Place& place);

/// The candidate nearest to `word` by edit distance, else the only one that has the word in it; empty when
/// none is near enough to be meant.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// The hint for a word that nobody knows: `did you mean 'x'?` with the nearest candidate, or `otherwise`.
std::string nearest_hint(std::string_view word, const std::vector<std::string>& candidates,
                         const std::string& otherwise);

}  // namespace fresh::document
