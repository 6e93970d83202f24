#pragma once

#include <string>
#include <string_view>

namespace fresh::engine {

/// Base64 in its URL form with padding, as X-Registry-Auth wants it.
std::string base64_url(std::string_view bytes);

/// The bytes behind Base64 in either form; ends at the first letter that is none.
std::string base64_decoded(std::string_view text);

}  // namespace fresh::engine
