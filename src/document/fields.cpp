#include "document/fields.h"

#include "document/refuse.h"
#include "document/utf8.h"

#include <fmt/core.h>

#include <charconv>
#include <cmath>

namespace fresh::document {
namespace {

std::string scalar_text(const Node& node, std::string_view key) {
  if (!node.is_scalar()) {
    refuse(node.place, fmt::format("'{}' takes text, found {}", key, shown(node.kind)),
           fmt::format("write one value: '{}: value'", key));
  }
  return node.scalar;
}

const std::string& checked_word(const Node& node, std::string_view key) {
  if (!node.is_scalar() || node.is_null()) {
    refuse(node.place, fmt::format("'{}' takes text, found {}", key, shown(node.kind)), "write a value here");
  }
  if (node.scalar.find_first_not_of(' ') == std::string::npos) {
    refuse(node.place, fmt::format("'{}' holds an empty text", key), "write a value here, or remove it");
  }
  if (has_control_character(node.scalar)) {
    refuse(node.place, fmt::format("'{}' holds a control character or a line break", key),
           "write it as plain text on one line");
  }
  return node.scalar;
}

const Node& empty_map() {
  static const Node empty{.kind = Kind::map};
  return empty;
}

/// Reads a decimal number at the front of `text` and removes it.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(value) || std::signbit(value)) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::string_view take_letters(std::string_view& text) {
  const auto end = text.find_first_of("0123456789.");
  const std::string_view letters = text.substr(0, end);
  text.remove_prefix(letters.size());
  return letters;
}

std::optional<double> milliseconds_of(std::string_view unit) {
  static const std::map<std::string_view, double> units{
      {"us", 0.001}, {"ms", 1.0}, {"s", 1000.0}, {"m", 60'000.0}, {"h", 3'600'000.0}, {"d", 86'400'000.0}};
  const auto found = units.find(unit);
  return found == units.end() ? std::nullopt : std::optional(found->second);
}

constexpr double largest = 9e15;

}  // namespace

Fields::Fields(const Node& node, std::string what)
    : node_(node.is_null() ? empty_map() : node), place_(node.place), what_(std::move(what)) {
  if (!node_.is_map()) {
    refuse(node_.place, fmt::format("'{}' takes a map, found {}", what_, shown(node_.kind)),
           "write 'key: value' lines here");
  }
}

const Node* Fields::find(std::string_view key) {
  known_.emplace(key);
  return node_.find(key);
}

bool Fields::has(std::string_view key) {
  const Node* found = find(key);
  return found != nullptr && !found->is_null();
}

const Node& Fields::require(std::string_view key) {
  const Node* found = find(key);
  if (found == nullptr) {
    for (const auto& entry : node_.entries) {
      // The missing key may be there under a name with a slip in it: then that is the place to mend.
      if (!known_.contains(entry.key) && !nearest(entry.key, {std::string(key)}).empty()) {
        refuse(entry.key_place, fmt::format("unknown key '{}' in '{}'", entry.key, what_),
               fmt::format("did you mean '{}'?", key));
      }
    }
  }
  if (found == nullptr || found->is_null()) {
    refuse(found != nullptr ? found->place : place_, fmt::format("'{}' needs a value for '{}'", what_, key),
           fmt::format("add '{}:' here", key));
  }
  return *found;
}

std::string Fields::text(std::string_view key) {
  return scalar_text(require(key), key);
}

std::string Fields::text(std::string_view key, std::string fallback) {
  return has(key) ? scalar_text(*find(key), key) : std::move(fallback);
}

std::string Fields::word(std::string_view key) {
  return checked_word(require(key), key);
}

std::string Fields::word(std::string_view key, const std::string& fallback) {
  return has(key) ? checked_word(*find(key), key) : fallback;
}

std::int64_t Fields::integer(std::string_view key, std::int64_t fallback) {
  return has(key) ? find(key)->integer() : fallback;
}

std::int64_t Fields::integer(std::string_view key, std::int64_t fallback, std::int64_t least,
                             std::int64_t most) {
  if (!has(key)) {
    return fallback;
  }
  const std::int64_t value = find(key)->integer();
  if (value < least || value > most) {
    refuse(find(key)->place, fmt::format("'{}' is {}, expected {} to {}", key, value, least, most),
           fmt::format("write a number from {} to {}", least, most));
  }
  return value;
}

bool Fields::boolean(std::string_view key, bool fallback) {
  return has(key) ? find(key)->boolean() : fallback;
}

std::chrono::milliseconds Fields::duration(std::string_view key, std::chrono::milliseconds fallback) {
  if (!has(key)) {
    return fallback;
  }
  const Node& node = *find(key);
  const auto parsed = parse_duration(scalar_text(node, key));
  if (!parsed) {
    refuse(node.place, fmt::format("'{}' is no duration: '{}'", key, node.scalar),
           "write it like 90s, 1m30s or 500ms");
  }
  return *parsed;
}

std::chrono::milliseconds Fields::timeout(std::string_view key, std::chrono::milliseconds fallback) {
  const std::chrono::milliseconds value = duration(key, fallback);
  if (has(key) && (value.count() <= 0 || value > longest_timeout)) {
    refuse(find(key)->place,
           fmt::format("'{}' must be more than 0 and at most {} h, found '{}'", key, longest_timeout.count(),
                       find(key)->scalar),
           "write it like 90s, 1m30s or 2h");
  }
  return value;
}

std::vector<std::string> Fields::texts(std::string_view key) {
  if (!has(key)) {
    return {};
  }
  const Node& node = *find(key);
  if (node.is_scalar()) {
    return {node.scalar};
  }
  if (!node.is_list()) {
    refuse(node.place, fmt::format("'{}' takes a list, found {}", key, shown(node.kind)),
           fmt::format("write it as '{}: [a, b]'", key));
  }
  std::vector<std::string> result;
  for (const auto& item : node.items) {
    result.push_back(scalar_text(item, key));
  }
  return result;
}

std::vector<std::string> Fields::words(std::string_view key) {
  std::vector<std::string> result;
  for (const Node& node : word_nodes(key)) {
    result.push_back(node.scalar);
  }
  return result;
}

std::vector<Node> Fields::word_nodes(std::string_view key) {
  if (texts(key).empty()) {
    return {};
  }
  const Node& node = *find(key);
  std::vector<Node> nodes = node.is_list() ? node.items : std::vector<Node>{node};
  for (const Node& item : nodes) {
    checked_word(item, key);
  }
  return nodes;
}

std::map<std::string, std::string> Fields::text_map(std::string_view key) {
  if (!has(key)) {
    return {};
  }
  const Node& node = *find(key);
  if (!node.is_map()) {
    refuse(node.place, fmt::format("'{}' takes a map, found {}", key, shown(node.kind)),
           fmt::format("write it as '{}: {{NAME: value}}'", key));
  }
  std::map<std::string, std::string> result;
  for (const auto& entry : node.entries) {
    result.emplace(entry.key, scalar_text(entry.value, entry.key));
  }
  return result;
}

void Fields::finish() const {
  for (const auto& entry : node_.entries) {
    if (known_.contains(entry.key) || entry.key.starts_with("x-")) {
      continue;
    }
    std::string known;
    for (const auto& key : known_) {
      known += (known.empty() ? "" : ", ") + key;
    }
    refuse(entry.key_place, fmt::format("unknown key '{}' in '{}'", entry.key, what_),
           nearest_hint(entry.key, {known_.begin(), known_.end()}, fmt::format("known keys: {}", known)));
  }
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text.empty()) {
    return std::nullopt;
  }
  double total = 0;
  bool plain_number_allowed = true;
  while (!text.empty()) {
    const auto value = take_number(text);
    if (!value) {
      return std::nullopt;
    }
    const std::string_view unit = take_letters(text);
    if (unit.empty() && (!plain_number_allowed || !text.empty())) {
      return std::nullopt;
    }
    const auto factor = unit.empty() ? std::optional(1000.0) : milliseconds_of(unit);
    if (!factor) {
      return std::nullopt;
    }
    total += *value * *factor;
    plain_number_allowed = false;
  }
  if (total > largest) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(std::llround(total));
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  const auto value = take_number(text);
  if (!value) {
    return std::nullopt;
  }
  std::string unit;
  for (const char c : text) {
    unit += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  static const std::map<std::string, double, std::less<>> units{{"", 1.0},
                                                                {"b", 1.0},
                                                                {"k", 1024.0},
                                                                {"kb", 1024.0},
                                                                {"ki", 1024.0},
                                                                {"kib", 1024.0},
                                                                {"m", 1048576.0},
                                                                {"mb", 1048576.0},
                                                                {"mi", 1048576.0},
                                                                {"mib", 1048576.0},
                                                                {"g", 1073741824.0},
                                                                {"gb", 1073741824.0},
                                                                {"gi", 1073741824.0},
                                                                {"gib", 1073741824.0},
                                                                {"t", 1099511627776.0},
                                                                {"tb", 1099511627776.0}};
  const auto found = units.find(unit);
  if (found == units.end() || *value * found->second > largest) {
    return std::nullopt;
  }
  return std::llround(*value * found->second);
}

}  // namespace fresh::document
