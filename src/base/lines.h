#pragma once

#include <string>
#include <string_view>

namespace fresh::base {

/// The text without blanks, tabs and line breaks at its ends.
std::string_view trimmed(std::string_view text);

/// The first line of `rest`, which then begins behind it; without its line break, `\n` or `\r\n`.
std::string_view next_line(std::string_view& rest);

/// What of `rest` is before the separator, which then begins behind it.
std::string_view next_part(std::string_view& rest, char separator);

/// With small letters, of ASCII alone, whatever the locale is.
std::string lower(std::string_view text);

/// The last line that is not blank, without its line break; empty when there is none.
std::string_view last_line(std::string_view text);

}  // namespace fresh::base
