#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace fresh::document {

/// The offset of the first byte that is no well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates), or
/// nothing.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// Whether `text` holds a control character of ASCII: a tab and a line break are such, too.
bool has_control_character(std::string_view text);

}  // namespace fresh::document
