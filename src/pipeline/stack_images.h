#pragma once

#include "compose/spec.h"
#include "engine/engine_error.h"
#include "images/spec.h"
#include "pipeline/project.h"

#include <set>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// Whether fresh-clone.yaml declares an image of that name.
bool is_declared(const ProjectSpec& project, const std::string& image);

/// Whether the image of a service comes from its own `build` alone, and a container of it is wanted.
bool is_built_for_itself(const ProjectSpec& project, const compose::Service& service);

/// The declared images without those that only services outside the active profiles use, and without what
/// only such images are made from. `active` is the stack of this run, `everything` the stack with all
/// profiles.
std::vector<images::ImageSpec> stack_images(const ProjectSpec& project, const compose::Project& active,
                                            const compose::Project& everything);

/// The services whose image only their `build` makes and names: `PROJECT-SERVICE`.
std::set<std::string> built_services_of(const compose::Project& stack);

/// Whether an image, as an engine names it (with registry and tag), is the one that a build of that service
/// made.
bool is_local_image(const std::string& image, const std::string& project, const std::string& service);

/// What helps after a build that failed: the file of the build is blamed only for what the engine says of it,
/// not for an engine that broke off, cannot be reached, took too long or has a full disk, nor for a registry
/// that lets nobody in.
std::string build_remedy(const engine::EngineError& error, const std::string& dockerfile,
                         const std::string& context_folder);

}  // namespace fresh::pipeline
