#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fresh::determinism {

enum class JsonKind { null, boolean, number, text, list, map };

/// A JSON value that keeps what other readers lose: numbers as they were written, members in the order of the
/// file.
struct Json {
  JsonKind kind = JsonKind::null;
  /// The text of a string, the token of a number, `true` or `false`.
  std::string scalar = {};
  std::vector<Json> items = {};
  std::vector<std::pair<std::string, Json>> members = {};

  /// The member `key`, or null when this is no map or has none.
  const Json* find(std::string_view key) const;
  bool is_text() const { return kind == JsonKind::text; }
};

/// Reads JSON. Throws base::Error (notebooks) with `name` and line:column for bad syntax, a key that occurs
/// twice, nesting over 100 levels, or text that is no UTF-8.
Json parse_json(std::string_view text, const std::string& name);

/// The value without spaces, members sorted as RFC 8785 sorts them (by UTF-16 code units), numbers as
/// written.
std::string canonical_json(const Json& value);

}  // namespace fresh::determinism
