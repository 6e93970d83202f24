#pragma once

#include "compose/spec.h"

#include <string>

namespace fresh::compose {

/// The canonical model as YAML for `fresh-clone config`: keys sorted, two blanks a level, `$` doubled, so
/// that loading the text gives the same text again.
std::string canonical_yaml(const Project& project);

/// One tree in that form, `$` as it is.
std::string yaml_text(const document::Node& node);

}  // namespace fresh::compose
