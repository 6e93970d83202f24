#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "compose/spec.h"
#include "engine/engine.h"
#include "images/provide.h"
#include "pipeline/project.h"
#include "pipeline/settings.h"

#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// What is asked of a build beside what the service's `build` says.
struct ServiceBuildOptions {
  std::map<std::string, std::string> arguments = {};  ///< beat `build.args`
  bool cache = true;
  bool pull = false;                                  ///< look for newer base images
  std::vector<std::filesystem::path> leave_out = {};  ///< never part of a context: our_folders
  const base::Clock& clock;
  base::EventSink sink = base::ignore_event;
  std::stop_token stop = {};
};

/// What this program keeps below a project and no image may hold: its state with the credentials, and, where
/// fresh-clone.yaml makes it a project of ours, the outputs of runs.
std::vector<std::filesystem::path> our_folders(const Surroundings& surroundings, const ProjectSpec& project);

/// Builds the image of a service that has `build` and reports steps and log lines under `image:NAME`. Throws
/// Error (deploy) with the last lines of a build that fails, Error (precheck) with its place for a build that
/// this engine cannot make as it is written.
engine::ImageId build_service_image(const compose::Project& stack, const compose::Service& service,
                                    const ServiceBuildOptions& options, engine::Engine& engine);

/// Whether steps of the build of a service can reach a network: what they fetch there is locked nowhere.
bool has_open_build(const compose::Service& service);

/// Makes the image of a service be there as gate G4 wants it: base images that are missing are pulled, and it
/// is built, every step anew, unless its label holds the hash of all that would go in now: the files of the
/// context, the Dockerfile, `build` as it is written, and the ids of the base images. What secrets hold, and
/// what steps fetch over a network, does not count. Throws as build_service_image does.
images::ImageRecord provide_service_image(const compose::Project& stack, const compose::Service& service,
                                          const ServiceBuildOptions& options, engine::Engine& engine);

}  // namespace fresh::pipeline
