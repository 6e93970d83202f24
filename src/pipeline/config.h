#pragma once

#include "pipeline/project.h"
#include "pipeline/settings.h"

#include <string>
#include <vector>

namespace fresh::pipeline {

/// What `config` is asked for.
struct ConfigRequest {
  enum class Show { model, services, images, volumes, networks, profiles, hash, variables };
  Show show = Show::model;
  std::vector<std::string> services = {};  ///< only these and what they depend on
  std::string hash = {};                   ///< `*`, or names with commas between
  bool interpolate = true;
  bool strict = false;  ///< keys that an engine ignores are refused
  bool json = false;
};

struct ConfigText {
  std::string text;
  std::vector<std::string> warnings;  ///< unset variables, what is obsolete
};

/// The project's compose model as docker compose prints it, or one of its lists. Values of credentials are
/// hidden.
ConfigText config_text(const ProjectSpec& project, const Surroundings& surroundings,
                       const ConfigRequest& request);

}  // namespace fresh::pipeline
