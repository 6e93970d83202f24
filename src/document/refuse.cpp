#include "document/refuse.h"

#include "base/characters.h"
#include "base/error.h"
#include "document/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace fresh::document {
namespace {

std::string_view line_of(const Place& place) {
  std::string_view text = place.source->text;
  for (int line = 1; line < place.line; ++line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) {
      return {};
    }
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  return text.ends_with('\r') ? text.substr(0, text.size() - 1) : text;
}

constexpr std::size_t widest_line = 160;

/// `\x1b` for each byte that a terminal could take for a command: keys and values of a file come into
/// messages.
std::string without_commands(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_command = (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7F;
    result += is_command ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
  }
  return result;
}

/// The line with a `?` for each byte that a terminal could take for a command or cannot show.
std::string printable(std::string_view line) {
  const bool is_utf8 = !first_invalid_utf8(line);
  std::string text(line);
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7F || (byte >= 0x80 && !is_utf8)) {
      c = '?';
    }
  }
  return text;
}

// The line below the message and a caret under the column; a line too wide to read is left out.
std::string excerpt(const Place& place) {
  if (!place.source || place.line <= 0) {
    return {};
  }
  const std::string_view line = line_of(place);
  if (line.empty() || line.size() > widest_line) {
    return {};
  }
  const std::string text = printable(line);
  auto before = static_cast<std::size_t>(std::max(place.column, 1) - 1);
  std::string blank;
  for (const char c : text) {
    if (base::continues_character(c)) {
      continue;
    }
    if (before-- == 0) {
      break;
    }
    blank += c == '\t' ? '\t' : ' ';
  }
  return fmt::format("\n  {:>4} | {}\n       | {}^", place.line, text, blank);
}

/// Insertions, deletions, substitutions and swaps of neighbours that lead from `a` to `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U), last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = std::move(last);
    last = std::move(row);
  }
  return last[b.size()];
}

/// `service_healthy` for `healthy`, when it is the only candidate that has the word in it.
std::string the_one_with(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t shortest = 4;
  const auto has_word = [&](const std::string& one) { return one.find(word) != std::string::npos; };
  const auto found = std::find_if(candidates.begin(), candidates.end(), has_word);
  const bool is_only = word.size() >= shortest && found != candidates.end() &&
                       std::none_of(found + 1, candidates.end(), has_word);
  return is_only ? *found : std::string();
}

}  // namespace

void refuse(const Place& place, const std::string& message, const std::string& hint, base::ExitCode code) {
  throw base::Error(code, fmt::format("{}: {}{}", place.text(), without_commands(message), excerpt(place)),
                    without_commands(hint));
}

std::string quotes_hint(const Place& place) {
  const std::string_view line = place.source && place.line > 0 ? line_of(place) : std::string_view();
  const auto begin = static_cast<std::size_t>(std::max(place.column, 1) - 1);
  // A column counts characters.
  const bool is_ascii =
      std::all_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  std::string_view word = is_ascii && begin < line.size() ? line.substr(begin) : std::string_view();
  word = word.substr(0, word.find_first_of(" \t,]}#"));
  word.remove_suffix(word.ends_with(':') ? 1 : 0);  // of a key
  const bool is_plain = !word.empty() && word.find_first_of("\"'&*!:") == std::string_view::npos;
  return is_plain ? fmt::format("put it in quotes: \"{}\"", word) : "put it in quotes";
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::numeric_limits<std::size_t>::max();
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  const std::size_t shorter = std::min(word.size(), best.size());
  const std::size_t allowed = std::max<std::size_t>(1, shorter / 3);
  return best_distance <= allowed && best_distance < shorter ? best : the_one_with(word, candidates);
}

std::string nearest_hint(std::string_view word, const std::vector<std::string>& candidates,
                         const std::string& otherwise) {
  const std::string near = nearest(word, candidates);
  return near.empty() ? otherwise : fmt::format("did you mean '{}'?", near);
}

}  // namespace fresh::document
