#pragma once

#include "compose/load.h"
#include "compose/typed.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// What `config` shows of a model: the active services, or only those named (their profiles count as active)
/// and what they depend on, and the resources that active services use. Refuses a service that is not there.
document::Node shown_config(Model model, const std::vector<std::string>& services, Print print);

/// The image of every service of such a tree, sorted, a line a service; builds without a name have
/// `<project>-<service>`.
std::vector<std::string> images_of(const document::Node& config);

/// Every profile that a service of the model has, sorted.
std::vector<std::string> profiles_of(const Model& model);

/// One variable that a file uses.
struct VariableUse {
  bool required = false;
  std::string fallback;     ///< of `${NAME:-fallback}`
  std::string alternative;  ///< of `${NAME:+alternative}`
};

/// The variables of an untyped tree whose values are not replaced, by name.
std::map<std::string, VariableUse> variables_of(const document::Node& untyped);

}  // namespace fresh::compose
