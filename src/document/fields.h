#pragma once

#include "document/node.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::document {

/// Typed reading of a map: each accessor marks its key as known; finish() refuses keys that nobody asked for,
/// with the nearest known one. All errors carry the place. `what` names the map in messages: `image`,
/// `notebooks`.
class Fields {
 public:
  /// Refuses what is no map; a null node reads as an empty map.
  Fields(const Node& node, std::string what);

  /// The raw value, null when absent.
  const Node* find(std::string_view key);
  bool has(std::string_view key);
  /// Refuses absence.
  const Node& require(std::string_view key);

  std::string text(std::string_view key);
  std::string text(std::string_view key, std::string fallback);
  /// One line of text that is not empty and holds no control character: a name, a path.
  std::string word(std::string_view key);
  std::string word(std::string_view key, const std::string& fallback);
  std::int64_t integer(std::string_view key, std::int64_t fallback);
  /// A number from `least` to `most`; `fallback` is not looked at.
  std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t least, std::int64_t most);
  bool boolean(std::string_view key, bool fallback);
  /// A number of seconds, or text such as `90s`, `1m30s`, `500ms`, `2h`.
  std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds fallback);
  /// A duration to wait at most: more than 0, at most longest_timeout.
  std::chrono::milliseconds timeout(std::string_view key, std::chrono::milliseconds fallback);
  /// A list of scalars; a single scalar counts as a list of one; absent is empty.
  std::vector<std::string> texts(std::string_view key);
  /// As texts, each a word.
  std::vector<std::string> words(std::string_view key);
  /// As words, with their places.
  std::vector<Node> word_nodes(std::string_view key);
  /// A map of scalars; absent is empty.
  std::map<std::string, std::string> text_map(std::string_view key);

  /// Refuses keys that were not asked for. Keys that begin with `x-` are always fine.
  void finish() const;
  const Node& node() const { return node_; }

 private:
  const Node& node_;
  Place place_;
  std::string what_;
  std::set<std::string, std::less<>> known_;
};

/// A longer wait is a slip: nobody would see its end.
inline constexpr std::chrono::hours longest_timeout(30 * 24);

/// `90s`, `1m30s`, `500ms`, `2h`, `1.5s` or a plain number of seconds; nothing when it is no duration.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// `64m`, `1.5gb`, `512k`, plain bytes (compose spec, byte values); nothing when it is no size.
std::optional<std::int64_t> parse_size(std::string_view text);

}  // namespace fresh::document
