#pragma once

#include "environment/spec.h"

#include <map>
#include <string>

namespace fresh::environment {

/// The variables that a run is given (pure): the declared ones, overlaid by `controls` (TZ, PYTHONHASHSEED,
/// DEMO_SEED and what else the run fixes), plus required names that only `process` (this program's
/// environment) sets. Throws Error (precheck) naming every required name that none of them sets, and where to
/// set it.
std::map<std::string, std::string> run_variables(const EnvironmentSpec& spec,
                                                 const std::map<std::string, std::string>& controls,
                                                 const std::map<std::string, std::string>& process);

}  // namespace fresh::environment
