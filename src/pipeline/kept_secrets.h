#pragma once

#include "base/error.h"
#include "pipeline/project.h"
#include "pipeline/settings.h"

#include <string>
#include <vector>

namespace fresh::pipeline {

/// What the project keeps secret, as far as it is there now: the values of its credentials and the keys of
/// its vault. Makes, moves and refuses nothing.
std::vector<std::string> kept_secrets(const ProjectSpec& project, const Surroundings& surroundings);

/// The error of a verb without what its project keeps secret: an error may quote what a container wrote. As
/// it is where the project cannot be read.
base::Error without_secrets(const base::Error& error, const Surroundings& surroundings);

}  // namespace fresh::pipeline
