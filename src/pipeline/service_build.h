#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "compose/spec.h"
#include "engine/engine.h"

#include <map>
#include <stop_token>
#include <string>

namespace fresh::pipeline {

/// What is asked of a build beside what the service's `build` says.
struct ServiceBuildOptions {
  std::string project;
  std::map<std::string, std::string> arguments = {};  ///< beat `build.args`
  bool cache = true;
  bool pull = false;  ///< look for newer base images
  const base::Clock& clock;
  base::EventSink sink = base::ignore_event;
  std::stop_token stop = {};
};

/// Builds the image of a service that has `build` and reports steps and log lines under `image:NAME`. Throws
/// Error (deploy) with the last lines of a build that fails, Error (precheck) for a Dockerfile that is
/// missing.
engine::ImageId build_service_image(const compose::Service& service, const ServiceBuildOptions& options,
                                    engine::Engine& engine);

}  // namespace fresh::pipeline
