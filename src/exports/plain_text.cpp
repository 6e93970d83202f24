#include "exports/plain_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace fresh::exports {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_between(char c, unsigned char first, unsigned char last) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= first && byte <= last;
}

/// How many bytes the escape sequence at the begin of `text` (an ESC) takes (ECMA-48): CSI, OSC and the like,
/// or two.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) {
    return text.size();
  }
  if (text[1] == '[') {
    std::size_t end = 2;
    while (end < text.size() && is_between(text[end], 0x20, 0x3F)) {
      ++end;
    }
    return end < text.size() && is_between(text[end], 0x40, 0x7E) ? end + 1 : end;
  }
  if (std::string_view("]PX^_").find(text[1]) != std::string_view::npos) {
    // A string that never ends must not swallow the text behind it: it ends with its line.
    for (std::size_t end = 2; end < text.size() && text[end] != '\n'; ++end) {
      if (text[end] == '\a') {
        return end + 1;
      }
      if (text[end] == '\x1b' && end + 1 < text.size() && text[end + 1] == '\\') {
        return end + 2;
      }
    }
    return 1;
  }
  std::size_t end = 1;
  while (end < text.size() && is_between(text[end], 0x20, 0x2F)) {
    ++end;
  }
  return end < text.size() && is_between(text[end], 0x30, 0x7E) ? end + 1 : end;
}

struct Character {
  std::size_t length = 0;  ///< 0: no well-formed UTF-8
  std::uint32_t code = 0;
};

/// The character at the begin of `text` (RFC 3629).
Character decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) {
    return {1, lead};
  }
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
    return {};
  }
  std::uint32_t code = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_between(text[i], 0x80, 0xBF)) {
      return {};
    }
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code < least[length] || code > 0x10FFFF || is_surrogate ? Character{} : Character{length, code};
}

/// What XML 1.0 (section 2.2) and a terminal can hold; C1 controls drive terminals too.
bool is_plain(std::uint32_t code) {
  if (code < 0x20) {
    return code == '\t' || code == '\n';
  }
  return !(code >= 0x7F && code < 0xA0) && code != 0xFFFE && code != 0xFFFF;
}

}  // namespace

std::string plain_text(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    if (text[0] == '\x1b') {
      text.remove_prefix(escape_length(text));
      continue;
    }
    const Character character = decode(text);
    if (character.length == 0) {
      plain += replacement;
      text.remove_prefix(1);
      continue;
    }
    if (is_plain(character.code)) {
      plain += text.substr(0, character.length);
    }
    text.remove_prefix(character.length);
  }
  return plain;
}

std::string visible_text(std::string_view text) {
  std::string visible;
  visible.reserve(text.size());
  while (!text.empty()) {
    const Character character = decode(text);
    const auto byte = static_cast<unsigned char>(text[0]);
    if (character.length == 0 || (character.length == 1 && !is_plain(character.code))) {
      visible += text.starts_with("\r\n") ? std::string() : fmt::format("\\x{:02x}", byte);
    } else if (!is_plain(character.code)) {
      visible += fmt::format("\\u{:04x}", character.code);
    } else {
      visible += text.substr(0, character.length);
    }
    text.remove_prefix(std::max<std::size_t>(character.length, 1));
  }
  return visible;
}

std::string one_line(std::string_view text) {
  std::string line;
  bool gap = false;
  for (const char c : plain_text(text)) {
    if (c == ' ' || c == '\t' || c == '\n') {
      gap = !line.empty();
      continue;
    }
    if (gap) {
      line += ' ';
      gap = false;
    }
    line += c;
  }
  return line;
}

}  // namespace fresh::exports
