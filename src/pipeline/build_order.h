#pragma once

#include "compose/spec.h"

#include <string>
#include <string_view>
#include <vector>

namespace fresh::pipeline {

/// How `build.additional_contexts` names the image of another service: `service:NAME`.
inline constexpr std::string_view service_scheme = "service:";

/// These services and those that their builds take a context from, each after what it is built from.
std::vector<std::string> in_build_order(const compose::Project& stack, const std::vector<std::string>& names);

}  // namespace fresh::pipeline
