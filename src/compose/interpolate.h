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

/// One `$NAME` or `${NAME...}` of a text.
struct Expression {
  std::string_view name;
  std::string_view rest;  ///< what follows the name in the braces: `:-default`
};

/// The expressions of a text in their order, those inside others left out; broken ones are passed over.
std::vector<Expression> expressions_of(std::string_view text);

/// Applies substitute to every value of a compose file, never to keys; text where the specification wants
/// another type gets that type (a typed cast). Throws base::Error with the place.
void interpolate(document::Node& root, const Lookup& lookup, std::vector<std::string>& unset);

}  // namespace fresh::compose
