#pragma once

#include "engine/engine.h"
#include "images/cache.h"
#include "images/provide.h"

#include <string>
#include <string_view>
#include <vector>

namespace fresh::images {

/// What the making of one image needs from the whole: one function per kind of image below.
struct Workbench {
  engine::Engine& engine;
  const ProvideOptions& options;
  const InputCache& cache;
  std::string architecture;

  engine::Call call(std::chrono::milliseconds deadline) const {
    return {.deadline = deadline, .stop = options.stop};
  }
  /// Reports a line of output of the image's step.
  void log(const std::string& image, std::string_view line) const;
  engine::Labels labels(const std::string& key) const;
};

constexpr std::chrono::milliseconds look_deadline = std::chrono::seconds(60);
constexpr std::chrono::milliseconds work_deadline = std::chrono::minutes(30);

std::string subject_of(const std::string& image);

/// The image under this name when its label says that it was made from these inputs.
std::optional<engine::Image> find_made(engine::EngineReader& engine, const std::string& name,
                                       const std::string& key, const engine::Call& call);

/// The architecture that base images are made for: `options.architecture`, else that of a base image which
/// this program made on the engine, else what the engine says, which takes Podman a fifth of a second. Empty
/// where no base image is declared.
std::string architecture_for(const std::vector<ImageSpec>& specs, engine::EngineReader& engine,
                             const ProvideOptions& options);

/// What the engine has under the name now; throws Error (deploy) when it is not the image that was just made.
engine::Image confirm(const Workbench& bench, const std::string& name, const std::string& id);

ImageRecord record_of(const std::string& name, const engine::Image& image, std::string source);

/// A base image: its root file system from the cache or by mmdebstrap, loaded. Adds to `drift` what moved
/// since its lock.
ImageRecord provide_base(const Workbench& bench, const ImageSpec& spec, const BaseSource& base,
                         std::vector<Drift>& drift);

/// The locked inputs of a build, all in the cache afterwards; fetched only when one is missing, or to write
/// the lock.
void provide_inputs(const Workbench& bench, const ImageSpec& spec, const BuildSource& build);

/// A built image, on `parent`.
ImageRecord provide_build(const Workbench& bench, const ImageSpec& spec, const BuildSource& build,
                          const ImageRecord& parent);

/// A pulled image, by digest where one is declared.
ImageRecord provide_pull(const Workbench& bench, const ImageSpec& spec, const PullSource& pull);

}  // namespace fresh::images
