#pragma once

#include "document/node.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace fresh::compose {

/// What a key's value is, and so how its long form is written.
enum class Form : std::uint8_t {
  any,             ///< not looked into
  text,            ///< left out when empty
  flag,            ///< true or false; left out when false
  maybe_flag,      ///< written whenever given
  whole,           ///< left out when 0
  maybe_whole,     ///< written whenever given
  real,            ///< left out when 0
  size,            ///< bytes as text, from `64m`; left out when 0
  duration,        ///< `1m30s`; left out when 0
  maybe_duration,  ///< written whenever given
  device_count,    ///< a number, `all` is -1
  words,           ///< a command: text is split as a shell does
  test,            ///< a health test: text goes to the shell
  list,            ///< of `item`; one text counts as a list of one; left out when empty
  map,             ///< of `item`; left out when empty
  variables,       ///< KEY=VALUE, as list or map; null = the value comes from outside
  pairs,           ///< KEY=VALUE, as list or map; null = empty
  labels,          ///< as pairs
  options,         ///< a map of scalars, all text
  hosts,           ///< name=address, as list or map; written as a list
  ssh,             ///< keys for builds; written as a list
  object,          ///< keys of its own; written even when empty
  plain_object     ///< as object; left out when all its keys are
};

/// How a later file is merged over an earlier one (compose specification 13).
enum class Merge : std::uint8_t {
  deep,
  replace,
  key_values,
  dependencies,
  names,
  build,
  extra_hosts,
  logging,
  subnets,
  limit
};

/// What makes two items of a list the same one.
enum class Unique : std::uint8_t { none, name, volume, device, config, secret, port, expose, path };

/// The kinds of YAML that a value may be written as.
namespace kinds {
constexpr unsigned text = 1, boolean = 2, integer = 4, real = 8, null = 16, list = 32, map = 64, time = 128;
constexpr unsigned number = integer | real;
constexpr unsigned scalar = text | boolean | number;
}  // namespace kinds

struct Object;

/// One key of the specification: all that the phases of the loader must know about it.
struct Key {
  std::string_view name = {};
  Form form = Form::any;
  unsigned accepts = ~0U;
  const Object* object = nullptr;                ///< of object, plain_object, and of an item that may be one
  const Key* item = nullptr;                     ///< of list and map
  std::span<const std::string_view> words = {};  ///< the only texts allowed
  Merge merge = Merge::deep;
  Unique unique = Unique::none;
  unsigned values = 0;       ///< the kinds that a map of values may hold
  bool no_twice = false;     ///< a list whose items must differ
  bool cast = false;         ///< text becomes the type right after interpolation
  bool usual_names = false;  ///< a map whose keys are letters, digits, `.`, `_`, `-`
  std::int64_t low = 0;      ///< of whole: the range, when high > low
  std::int64_t high = 0;
};

/// A map with keys of its own.
struct Object {
  std::span<const Key> keys;  ///< sorted by name
  std::span<const std::string_view> required = {};
  bool extensions = true;  ///< `x-` keys are fine and kept
  bool whole = false;      ///< all keys are written, also those that say nothing
};

/// The whole compose file.
extern const Key compose_file;
/// One service.
extern const Key service_key;

/// The key below `parent`, or null when it is unknown, an extension or not looked into.
const Key* child(const Key* parent, std::string_view name);
/// What a list or map of `parent` holds, or null.
const Key* item_of(const Key* parent);

}  // namespace fresh::compose
