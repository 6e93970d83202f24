#pragma once

#include "compose/schema.h"

#include <algorithm>
#include <array>
#include <limits>

/// How the tables of the schema write their lines.
namespace fresh::compose::keys {

using Words = std::span<const std::string_view>;

constexpr unsigned flag_kinds = kinds::boolean | kinds::text;
constexpr unsigned whole_kinds = kinds::integer | kinds::text;
constexpr unsigned number_kinds = kinds::number | kinds::text;

constexpr Key text(std::string_view name) {
  return {.name = name, .form = Form::text, .accepts = kinds::text};
}
constexpr Key choice(std::string_view name, Words words) {
  Key key = text(name);
  key.words = words;
  return key;
}
constexpr Key flag(std::string_view name, Form form = Form::flag) {
  return {.name = name, .form = form, .accepts = flag_kinds};
}
constexpr Key number(std::string_view name, Form form, unsigned accepts) {
  return {.name = name, .form = form, .accepts = accepts};
}
constexpr Key duration(std::string_view name, Form form = Form::maybe_duration) {
  return {.name = name, .form = form, .accepts = kinds::text};
}
constexpr Key list(std::string_view name, const Key& item, bool no_twice = false) {
  return {.name = name, .form = Form::list, .accepts = kinds::list, .item = &item, .no_twice = no_twice};
}
constexpr Key text_or_list(std::string_view name, const Key& item, bool no_twice = true) {
  Key key = list(name, item, no_twice);
  key.accepts |= kinds::text;
  return key;
}
constexpr Key map(std::string_view name, const Key& item) {
  return {.name = name, .form = Form::map, .accepts = kinds::map, .item = &item};
}
/// list_or_dict of the specification.
constexpr Key key_values(std::string_view name, Form form) {
  return {.name = name,
          .form = form,
          .accepts = kinds::list | kinds::map,
          .merge = Merge::key_values,
          .unique = Unique::name,
          .values = kinds::scalar | kinds::null,
          .no_twice = true};
}
constexpr Key options(std::string_view name, unsigned values = kinds::text | kinds::number) {
  return {.name = name, .form = Form::options, .accepts = kinds::map, .values = values};
}
constexpr Key object(std::string_view name, const Object& object, Form form = Form::object) {
  return {.name = name, .form = form, .accepts = kinds::map, .object = &object};
}
constexpr Key command(std::string_view name) {
  return {.name = name, .form = Form::words, .accepts = kinds::text | kinds::list | kinds::null};
}

constexpr Key also(Key key, unsigned accepts) {
  key.accepts |= accepts;
  return key;
}
constexpr Key cast(Key key) {
  key.cast = true;
  return key;
}
constexpr Key merged(Key key, Merge merge) {
  key.merge = merge;
  return key;
}
constexpr Key unique(Key key, Unique unique) {
  key.unique = unique;
  return key;
}
constexpr Key within(Key key, std::int64_t low, std::int64_t high) {
  key.low = low;
  key.high = high;
  return key;
}

/// A number that is not negative.
constexpr Key count(Key key) {
  return within(key, 0, std::numeric_limits<std::int64_t>::max());
}

/// One of 32 bits.
constexpr Key short_count(Key key) {
  return within(key, 0, std::numeric_limits<std::uint32_t>::max());
}

template <std::size_t count>
constexpr bool is_sorted(const std::array<Key, count>& keys) {
  return std::is_sorted(keys.begin(), keys.end(), [](const Key& a, const Key& b) { return a.name < b.name; });
}

constexpr Key any_text = text("");

extern const Object build_object;
extern const Object deploy_object;
extern const Object develop_object;
extern const Object hook_object;
extern const Object healthcheck_object;
extern const Object mount_object;
extern const Object port_object;
extern const Object endpoint_object;
extern const Object grant_object;
extern const Object blkio_object;
extern const Object limit_object;
extern const Key device_request;
extern const Key grant_item;
extern const Key limit_item;
extern const Key build_limit_item;  ///< of a build: merged as any map

}  // namespace fresh::compose::keys
