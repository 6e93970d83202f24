#pragma once

#include "compose/spec.h"
#include "images/spec.h"
#include "pipeline/project.h"

#include <string>
#include <vector>

namespace fresh::pipeline {

/// Whether fresh-clone.yaml declares an image of that name.
bool is_declared(const ProjectSpec& project, const std::string& image);

/// The declared images without those that only services outside the active profiles use, and without what
/// only such images are made from. `active` is the stack of this run, `everything` the stack with all
/// profiles.
std::vector<images::ImageSpec> stack_images(const ProjectSpec& project, const compose::Project& active,
                                            const compose::Project& everything);

}  // namespace fresh::pipeline
