#pragma once

#include "compose/spec.h"
#include "engine/types.h"
#include "images/dockerfile_use.h"

#include <map>
#include <string>

namespace fresh::pipeline {

/// Where a Dockerfile lies in the context that is no file of the folder.
inline constexpr const char* own_dockerfile = "fresh-clone.dockerfile";

/// Throws Error (precheck): the build of the service `takes ...`, with the place of its `build`.
[[noreturn]] void refuse_build(const compose::Service& service, const std::string& what,
                               const std::string& remedy);

/// The Dockerfile of a service's build.
struct ServiceDockerfile {
  std::string shown;  ///< its path, for people
  std::string path;   ///< in the context
  std::string text;
  bool is_ours = false;  ///< `path` is no file of the folder: it comes from elsewhere, or has stages of ours
  images::DockerfileUse use;
};

/// Reads it, from `dockerfile_inline` too, with the arguments of the build. Throws Error (precheck) with the
/// place of `build` for a context that is no folder, a Dockerfile that is missing, and for what a step mounts
/// and this engine gives to no build: keys of ssh, on Docker secrets.
ServiceDockerfile service_dockerfile(const compose::Service& service,
                                     const std::map<std::string, std::string>& arguments,
                                     engine::Flavor flavor);

/// Makes `name` a stage of its own, made from `image`: what `additional_contexts` is to BuildKit. Refuses a
/// name that no stage can have, or that another has.
void add_stage(ServiceDockerfile& file, const compose::Service& service, const std::string& name,
               const std::string& image);

}  // namespace fresh::pipeline
