#include "engine/url.h"

#include <fmt/core.h>

namespace fresh::engine {

std::string escape(std::string_view text, std::string_view keep) {
  constexpr std::string_view unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string result;
  for (const char letter : text) {
    if (unreserved.find(letter) != std::string_view::npos || keep.find(letter) != std::string_view::npos) {
      result += letter;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
  }
  return result;
}

std::string path_part(std::string_view name) {
  return escape(name, "/:@");
}

Query& Query::add(std::string_view name, std::string_view value) {
  text_ += fmt::format("{}{}={}", text_.empty() ? '?' : '&', escape(name), escape(value));
  return *this;
}

}  // namespace fresh::engine
