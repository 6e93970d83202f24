#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::document {

/// The text that a document was read from, kept so that errors can show the line.
struct Source {
  std::string name;  ///< as the user knows it: a path relative to the project
  std::string text;
};

/// Where a node stands; line and column count from 1, 0 = not from a file.
struct Place {
  std::shared_ptr<const Source> source = {};
  int line = 0;
  int column = 0;

  /// `file:line:column`, or `(built in)`.
  std::string text() const;
};

/// `time` is a plain date of Dialect::go, its scalar as Go prints a time.
enum class Kind { null, boolean, integer, real, text, time, list, map };

/// A word for people: `a list`, `a whole number`.
std::string_view shown(Kind kind);

struct Entry;

/// A value of a YAML 1.2 document (core schema), with its place. Maps keep the order of the file; aliases and
/// `<<` are resolved by the loader.
struct Node {
  Kind kind = Kind::null;
  std::string scalar = {};  ///< the scalar as written, without quotes
  std::string tag = {};     ///< an own tag such as `!reset`; empty for the usual ones
  std::vector<Node> items = {};
#ifdef __clang__  // which wants Entry whole for an initializer
  std::vector<Entry> entries;
#else
  std::vector<Entry> entries = {};
#endif
  Place place = {};

  bool is_null() const {
    return kind == Kind::null;
  }
  bool is_list() const {
    return kind == Kind::list;
  }
  bool is_map() const {
    return kind == Kind::map;
  }
  bool is_scalar() const {
    return !is_list() && !is_map();
  }

  /// The value below `key`, or null when this is no map or has no such key.
  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);

  /// True only for the scalar `true` (of any YAML 1.2 spelling); throws Error for what is no boolean.
  bool boolean() const;
  /// Throws Error for what is no whole number, or too large.
  std::int64_t integer() const;
  double real() const;
  /// The text of any scalar; throws Error for lists and maps.
  const std::string& text() const;
};

struct Entry {
  std::string key;
  Place key_place;
  Node value;
};

/// A scalar node that stands nowhere in a file, its kind resolved as plain YAML would.
Node text_node(std::string text, Place place = {});

}  // namespace fresh::document
