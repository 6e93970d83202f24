#pragma once

#include "document/node.h"

namespace fresh::compose {

/// Refuses what the Compose specification does not allow in a file as it is written: unknown keys (with the
/// nearest known one), wrong kinds of values, missing required keys, repeated items. All errors carry the
/// place.
void check_schema(const document::Node& root);

/// The same for the value of `include`, which is gone when the rest is checked.
void check_include(const document::Node& include);

}  // namespace fresh::compose
