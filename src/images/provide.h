#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "engine/engine.h"
#include "images/packages_lock.h"
#include "images/spec.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::images {

/// Which of the steps of a hermetic build to do.
enum class Steps {
  all,    ///< base, fetch what is not cached, build, pull
  fetch,  ///< bring everything into the cache that a build without a network needs
  build,  ///< from the cache alone; refuses what is not there
  lock,   ///< fetch anew and write the lock files; a base that has no lock yet is locked as it is cached
};

struct ProvideOptions {
  std::string project;
  std::filesystem::path project_folder;
  std::filesystem::path cache_folder;  ///< see default_cache_folder()
  Steps steps = Steps::all;
  bool locked = false;  ///< a drift of Debian packages is an error
  int jobs = 2;
  std::vector<std::string> only = {};  ///< names; empty means all
  std::string architecture = {};       ///< of the engine; empty: ask it
  const base::Clock& clock;
  base::EventSink sink = base::ignore_event;
  std::stop_token stop = {};
  /// The value of an environment variable that a declaration names; empty: this process's own.
  std::function<std::optional<std::string>(const std::string& name)> variable = {};
};

/// An image that is there, with where it comes from.
struct ImageRecord {
  std::string name;
  std::string id;                   ///< 64 hex digits
  std::vector<std::string> layers;  ///< diff ids, bottom first
  std::string digest;       ///< of the manifest in a registry, `sha256:...`; empty for what was made here
  std::string source;       ///< `base`, `built`, `pulled`, `present` (declared by pull, was there)
  std::string inputs_key;   ///< hash of all that went in
  std::string lock_digest;  ///< sha256 of its lock file, empty without one
  std::string base;         ///< name of the image it is built on
  std::int64_t size = 0;    ///< bytes, as the engine counts
};

struct ImagesResult {
  std::vector<ImageRecord> images;  ///< sorted by name
  std::vector<Drift> drift;         ///< sorted
};

/// Makes the images be there: each after those it needs, up to `jobs` at a time. An image whose label holds
/// the hash of the present inputs is left alone. Reports steps and log lines under the subject `image:NAME`.
/// Throws Error (deploy) for a lock that does not hold, a failing fetch or build.
ImagesResult provide(const std::vector<ImageSpec>& specs, engine::Engine& engine,
                     const ProvideOptions& options);

}  // namespace fresh::images
