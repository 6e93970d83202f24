#pragma once

#include <cstddef>
#include <string_view>

namespace fresh::base {

/// True for a byte of UTF-8 text that is not the first one of its character.
constexpr bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// How many characters (code points) a UTF-8 text has.
constexpr std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) {
    count += continues_character(byte) ? 0U : 1U;
  }
  return count;
}

/// The first `count` characters of a UTF-8 text; all of a shorter one.
constexpr std::string_view first_characters(std::string_view text, std::size_t count) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!continues_character(text[i]) && count-- == 0) {
      return text.substr(0, i);
    }
  }
  return text;
}

}  // namespace fresh::base
