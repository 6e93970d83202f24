#pragma once

#include "document/node.h"

#include <string>

namespace fresh::compose {

/// What becomes of `$`: `config` doubles it, so that loading the text gives the same values.
enum class Dollars { kept, doubled };

/// A tree as YAML: keys sorted, two blanks a level, texts quoted that any reader could take for something
/// else.
std::string yaml_text(const document::Node& node, Dollars dollars = Dollars::kept);

/// The same as JSON.
std::string json_text(const document::Node& node, Dollars dollars = Dollars::kept);

}  // namespace fresh::compose
