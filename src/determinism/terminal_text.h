#pragma once

#include <string>
#include <string_view>

namespace fresh::determinism {

/// What a terminal would show of `text` (rule S6 of fc-nbfp/1): `\r` goes to column 0, `\b` one left, CSI K
/// erases, colours (SGR) are dropped; any other escape sequence is kept as it is. A column is one code point.
std::string terminal_text(std::string_view text);

}  // namespace fresh::determinism
