#pragma once

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <string>

namespace fresh::exports {

/// The one form of all JSON files: sorted keys, two spaces, final newline; bytes that are no UTF-8 become
/// U+FFFD.
std::string json_text(const nlohmann::json& document);

/// Seconds with milliseconds, as a JSON number.
double seconds(std::chrono::milliseconds duration);

}  // namespace fresh::exports
