#pragma once

#include "base/clock.h"
#include "engine/engine.h"
#include "environment/installed.h"
#include "environment/lock_file.h"

#include <stop_token>
#include <string>

namespace fresh::pipeline {

/// Which image is asked, and as whose.
struct ImageEnvironment {
  std::string image;
  std::string project;
  std::string run_id;
};

/// Where the Python packages inside an image differ from `lock`: the image's own `python3` lists them, in a
/// container without a network that is removed afterwards. Packages that the lock does not name are in
/// `extra`: an image may have more from Debian. Throws base::Error (deploy) when the image is not there, has
/// no python3, or the container does not run to its end.
environment::Difference image_difference(const ImageEnvironment& asked, const environment::Lock& lock,
                                         engine::Engine& engine, const base::Clock& clock,
                                         const std::stop_token& stop);

}  // namespace fresh::pipeline
