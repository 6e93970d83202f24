#pragma once

#include "document/node.h"

namespace fresh::compose {

/// Lays a later compose file over an earlier one (compose specification 13, merge): maps deeply, lists
/// appended, scalars replaced, with the special rules of single paths; `!reset` removes, `!override`
/// replaces. Afterwards list items that mean the same thing are kept once, the last one at the first
/// position. Refuses a type clash with its place.
document::Node merge(document::Node base, const document::Node& over);

/// A single file as merge would leave it: tags carried out, double list items dropped.
document::Node merged_alone(document::Node file);

}  // namespace fresh::compose
