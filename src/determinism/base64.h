#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fresh::determinism {

/// Decodes base64 (RFC 4648, padded or not); white space is skipped. Nothing when `text` is no base64.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace fresh::determinism
