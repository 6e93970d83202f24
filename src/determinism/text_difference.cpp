#include "determinism/text_difference.h"

#include "base/characters.h"

#include <algorithm>

namespace fresh::determinism {
namespace {

std::optional<std::string_view> take_line(std::string_view& text, bool& more) {
  if (!more) {
    return std::nullopt;
  }
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  more = end != std::string_view::npos;
  text = more ? text.substr(end + 1) : std::string_view();
  return line;
}

}  // namespace

std::optional<TextDifference> first_difference(std::string_view baseline, std::string_view current) {
  if (baseline == current) {
    return std::nullopt;
  }
  bool more_baseline = true;
  bool more_current = true;
  for (int line = 1;; ++line) {
    const auto left = take_line(baseline, more_baseline);
    const auto right = take_line(current, more_current);
    if (left != right) {
      return TextDifference{line, std::string(left.value_or("")), std::string(right.value_or(""))};
    }
  }
}

std::string excerpt(std::string_view line, std::string_view other, std::size_t width) {
  const auto first = static_cast<std::size_t>(
      std::mismatch(line.begin(), line.end(), other.begin(), other.end()).first - line.begin());
  std::size_t begin =
      line.size() <= width || first < width / 2 ? 0 : std::min(first - width / 4, line.size() - width);
  while (begin > 0 && base::continues_character(line[begin])) {
    --begin;
  }
  std::size_t end = std::min(line.size(), begin + width);
  while (end < line.size() && base::continues_character(line[end])) {
    ++end;
  }
  std::string out = begin > 0 ? "…" : "";
  for (const char c : line.substr(begin, end - begin)) {
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  }
  return end < line.size() ? out + "…" : out;
}

}  // namespace fresh::determinism
