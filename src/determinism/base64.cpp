#include "determinism/base64.h"

#include <array>
#include <cstdint>

namespace fresh::determinism {
namespace {

constexpr int invalid = -1;
constexpr int skipped = -2;

constexpr int value_of(char c) {
  if (c >= 'A' && c <= 'Z') {
    return c - 'A';
  }
  if (c >= 'a' && c <= 'z') {
    return c - 'a' + 26;
  }
  if (c >= '0' && c <= '9') {
    return c - '0' + 52;
  }
  if (c == '+' || c == '/') {
    return c == '+' ? 62 : 63;
  }
  return c == '\n' || c == '\r' || c == ' ' || c == '\t' ? skipped : invalid;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  while (!text.empty() && (text.back() == '=' || value_of(text.back()) == skipped)) {
    text.remove_suffix(1);
  }
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = value_of(c);
    if (value == skipped) {
      continue;
    }
    if (value == invalid) {
      return std::nullopt;
    }
    bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xFFFFFFU;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
    }
  }
  return count == 6 ? std::nullopt : std::optional(out);
}

}  // namespace fresh::determinism
