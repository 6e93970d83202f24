#include "engine/base64.h"

#include <cstdint>

namespace fresh::engine {

std::string base64_url(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string result;
  for (std::size_t begin = 0; begin < bytes.size(); begin += 3) {
    const auto count = bytes.size() - begin < 3 ? bytes.size() - begin : 3;
    std::uint32_t group = 0;
    for (std::size_t index = 0; index < 3; ++index) {
      group = (group << 8) | (index < count ? static_cast<unsigned char>(bytes[begin + index]) : 0U);
    }
    for (std::size_t index = 0; index < 4; ++index) {
      result += index <= count ? digits[(group >> (18 - 6 * index)) & 63U] : '=';
    }
  }
  return result;
}

std::string base64_decoded(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  std::uint32_t group = 0;
  int bits = 0;
  for (const char letter : text) {
    const auto digit = digits.find(letter == '-' ? '+' : letter == '_' ? '/' : letter);
    if (digit == std::string_view::npos) {
      break;
    }
    group = (group << 6) | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      result += static_cast<char>((group >> bits) & 0xffU);
    }
  }
  return result;
}

}  // namespace fresh::engine
