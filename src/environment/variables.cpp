#include "environment/variables.h"

#include "base/error.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <vector>

namespace fresh::environment {

std::map<std::string, std::string> run_variables(const EnvironmentSpec& spec,
                                                 const std::map<std::string, std::string>& controls,
                                                 const std::map<std::string, std::string>& process) {
  std::map<std::string, std::string> variables = controls;
  variables.insert(spec.variables.begin(), spec.variables.end());
  std::vector<std::string> missing;
  for (const auto& name : spec.require) {
    if (const auto given = process.find(name); given != process.end()) {
      variables.insert(*given);
    }
    if (const auto found = variables.find(name); found == variables.end() || found->second.empty()) {
      missing.push_back(name);
    }
  }
  if (!missing.empty()) {
    throw base::Error(base::ExitCode::precheck,
                      fmt::format("required variables are not set: {}", fmt::join(missing, ", ")),
                      "set them under environment.variables in fresh-clone.yaml, or export them");
  }
  return variables;
}

}  // namespace fresh::environment
