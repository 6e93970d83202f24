#pragma once

#include "compose/schema.h"
#include "document/node.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fresh::compose {

/// Gives text the type that the key wants: `"yes"` is true, `"3"` is 3. What is no text, or belongs to a key
/// of text, stays. Refuses text that cannot be meant, with the place.
void cast(document::Node& node, const Key& key);

/// The hint of a value that cannot be read; an empty one came, nearly always, from a variable.
std::string value_hint(std::string_view written, std::string hint);

/// Makes the node this number, written as docker compose writes it.
void set_real(document::Node& node, double value);

/// `64m`, `1.5GiB`, `1073741824` in bytes; nothing when it is no size (as docker reads sizes: negative ones
/// are none, but -1).
std::optional<std::int64_t> bytes_of(std::string_view text);

/// `1h2m3.5s`, `0`, `500ms` in nanoseconds; nothing when it is no duration.
std::optional<std::int64_t> nanoseconds_of(std::string_view text);

/// The way docker compose writes a duration: `1m30s`, `1.5s`, `0s`.
std::string duration_text(std::int64_t nanoseconds);

}  // namespace fresh::compose
