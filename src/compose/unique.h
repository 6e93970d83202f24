#pragma once

#include "document/node.h"

namespace fresh::compose {

/// Keeps list items of a compose file that mean the same thing once: the last one, at the place of the first
/// (volumes by target, ports by what they publish, env files by path, and so on).
void make_unique(document::Node& root);

}  // namespace fresh::compose
