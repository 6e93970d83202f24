#pragma once

#include "document/node.h"

namespace fresh::compose {

/// Gives every value of a normalised tree its type in one form: commands and lists are lists, KEY=VALUE a
/// map, sizes bytes, durations `1m30s`, numbers numbers. Keys without a value go. Refuses, with the place,
/// what has no such form.
void make_typed(document::Node& root);

/// Which form `config` prints: JSON always has some keys that YAML leaves out, as docker compose does.
enum class Print { yaml, json };

/// Leaves out of a typed tree what says nothing: empty text and lists, zeros, `false` (as docker compose
/// prints a model).
void leave_out_defaults(document::Node& root, Print print);

}  // namespace fresh::compose
