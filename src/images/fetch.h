#pragma once

#include "base/clock.h"
#include "engine/engine.h"
#include "images/cache.h"
#include "images/inputs_lock.h"
#include "images/log_tail.h"
#include "images/spec.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::images {

/// What a fetch brings into its container and how it is told apart from others.
struct FetchRequest {
  std::string image_name;  ///< the image whose inputs these are
  std::string project;
  FetchStep step;
  std::filesystem::path folder;                    ///< becomes /in
  std::string lock_in_folder;                      ///< left out of /in: a fetch may not read its own result
  std::map<std::string, std::string> environment;  ///< proxies
  std::filesystem::path certificates =
      "/etc/ssl/certs/ca-certificates.crt";  ///< of this machine, given to the container when they exist
  std::filesystem::path java_certificates = "/etc/ssl/certs/java/cacerts";
};

/// A fetched file, in the work folder it was received in.
struct FetchedInput {
  LockedInput input;
  std::filesystem::path file;
};

/// Runs the command in a container with a network, with the folder at /in and an empty /out, and receives
/// what is in /out then: regular files only, named by number in `work`, so that no name in the archive is
/// ever a path here. Sorted by path. The container is removed in any case. Throws Error (deploy) with the
/// last lines when the command did not really run and exit 0.
std::vector<FetchedInput> run_fetch(engine::Engine& engine, const FetchRequest& request,
                                    const std::filesystem::path& work, LogTail& log, const base::Clock& clock,
                                    const std::stop_token& stop);

/// The variables that tell programs of a proxy (HTTP_PROXY and its kin), as this process has them.
std::map<std::string, std::string> proxy_environment();

}  // namespace fresh::images
