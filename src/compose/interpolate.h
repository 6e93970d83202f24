#pragma once

#include "document/node.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::compose {

/// The value of a variable, or nothing when it is unset.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

/// Why a text cannot be interpolated.
struct InterpolationError {
  std::string message;
  std::string hint;
};

/// Replaces `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?error}`, `${NAME?error}`,
/// `${NAME:+other}`,
/// `${NAME+other}` (nested at will) and `$$` (compose specification 12, interpolation; names are
/// `[_a-zA-Z][_a-zA-Z0-9]*`). A
/// `$` before anything else stays. Variables that are unset and have no default become empty and are added to
/// `unset`. Throws InterpolationError.
std::string substitute(std::string_view text, const Lookup& lookup, std::vector<std::string>& unset);

/// Applies substitute to every value below `node`, never to keys; a plain scalar that changed gets its kind
/// anew. Throws base::Error with the place.
void interpolate(document::Node& node, const Lookup& lookup, std::vector<std::string>& unset);

}  // namespace fresh::compose
