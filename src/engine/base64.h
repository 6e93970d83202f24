#pragma once

#include <string>
#include <string_view>

namespace fresh::engine {

/// Base64 in its URL form with padding, as X-Registry-Auth wants it.
std::string base64_url(std::string_view bytes);

}  // namespace fresh::engine
