#pragma once

#include <string>
#include <string_view>

namespace fresh::exports {

/// The text without terminal escape sequences, control characters but tab and newline, and bytes that are no
/// UTF-8 (these become U+FFFD): what a terminal, a log viewer and XML 1.0 can hold.
std::string plain_text(std::string_view text);

/// The text as a terminal can show it with nothing lost: each control character but tab and newline as
/// `\x1b`, a C1 control as `\u009b`, and each byte that is no UTF-8 as `\xff`. A carriage return before a
/// newline is left out.
std::string visible_text(std::string_view text);

/// As plain_text, on one line: newlines and runs of blanks become a single blank, blanks at the ends are
/// dropped.
std::string one_line(std::string_view text);

}  // namespace fresh::exports
