#pragma once

#include <vector>

#include "compose/spec.h"
#include "images/spec.h"
#include "pipeline/project.h"

namespace fresh::pipeline {

/// The declared images without those that only services outside the active profiles use, and without what only such
/// images are made from. `active` is the stack of this run, `everything` the stack with all profiles.
std::vector<images::ImageSpec> stack_images(const ProjectSpec& project, const compose::Project& active,
                                            const compose::Project& everything);

}  // namespace fresh::pipeline
