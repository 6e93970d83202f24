#pragma once

#include "compose/load.h"
#include "compose/spec.h"

#include <functional>
#include <optional>
#include <string>

namespace fresh::compose {

/// Where secrets and configs get their bytes.
struct MaterialSource {
  bool wanted = true;
  bool must_exist = true;  ///< false: what is not there is empty
  const ReadFile& read;
  std::function<std::optional<std::string>(const std::string& name)> variable;
};

/// Fills networks, volumes, secrets and configs of `project` from the canonical tree. Refuses unknown keys
/// and, for those that an active service uses, missing files and unset variables.
void read_resources(const document::Node& root, const MaterialSource& source, Project& project);

}  // namespace fresh::compose
