#include "base/doing.h"
#include "base/error.h"
#include "base/step_scope.h"
#include "engine/image_name.h"
#include "images/keys.h"
#include "images/workbench.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

namespace fresh::images {
namespace {

std::string repository_of(const std::string& name) {
  return name.substr(0, name.rfind(':'));
}

std::string variable(const ProvideOptions& options, const std::string& image, const std::string& name) {
  std::optional<std::string> value;
  if (options.variable) {
    value = options.variable(name);
  } else if (const char* own = std::getenv(name.c_str()); own != nullptr) {
    value = own;
  }
  if (!value || value->empty()) {
    throw base::Error(
        base::ExitCode::deploy,
        fmt::format("image '{}' needs the environment variable {} for its registry, but it is not set", image,
                    name),
        fmt::format("set {} and run again", name));
  }
  return *value;
}

std::optional<engine::RegistryAuth> auth_of(const Workbench& bench, const ImageSpec& spec,
                                            const PullSource& pull) {
  if (pull.user_variable.empty()) {
    return std::nullopt;
  }
  return engine::RegistryAuth{.user = variable(bench.options, spec.name, pull.user_variable),
                              .password = variable(bench.options, spec.name, pull.password_variable),
                              .server = engine::image_name(spec.name).registry};
}

bool has_digest(const engine::Image& image, const std::string& digest) {
  return std::any_of(image.repo_digests.begin(), image.repo_digests.end(),
                     [&](const std::string& one) { return one.ends_with("@" + digest); });
}

engine::Image pull_now(const Workbench& bench, const ImageSpec& spec, const PullSource& pull) {
  const std::string reference =
      pull.digest.empty() ? spec.name : fmt::format("{}@{}", repository_of(spec.name), pull.digest);
  const engine::ImageId id = bench.engine.pull(
      {.reference = reference,
       .auth = auth_of(bench, spec, pull),
       .verify_tls = pull.verify_tls,
       .platform = pull.platform},
      [&](std::string_view line) { bench.log(spec.name, line); }, bench.call(work_deadline));
  if (!pull.digest.empty()) {
    const auto image = bench.engine.find_image(id.hex, bench.call(look_deadline));
    if (!image || !has_digest(*image, pull.digest)) {
      throw base::Error(base::ExitCode::deploy,
                        fmt::format("image '{}' was pulled, but the engine does not show it under {}",
                                    spec.name, pull.digest));
    }
    bench.engine.tag_image(id.hex, spec.name, bench.call(look_deadline));
  }
  return confirm(bench, spec.name, id.hex);
}

std::optional<engine::Image> present(const Workbench& bench, const ImageSpec& spec, const PullSource& pull) {
  auto image = bench.engine.find_image(spec.name, bench.call(look_deadline));
  if (image && !pull.digest.empty() && !has_digest(*image, pull.digest)) {
    return std::nullopt;
  }
  return image;
}

/// Docker's RepoDigests are what the registry said; Podman's may name digests that no registry holds
/// (`POST /images/create`).
std::string digest_of(const Workbench& bench, const ImageSpec& spec, const PullSource& pull,
                      const engine::Image& image) {
  if (!pull.digest.empty() || bench.engine.version().flavor != engine::Flavor::docker) {
    return pull.digest;
  }
  const std::string prefix = repository_of(spec.name) + "@";
  const auto found = std::find_if(image.repo_digests.begin(), image.repo_digests.end(),
                                  [&](const std::string& one) { return one.starts_with(prefix); });
  return found == image.repo_digests.end() ? "" : found->substr(prefix.size());
}

}  // namespace

ImageRecord provide_pull(const Workbench& bench, const ImageSpec& spec, const PullSource& pull) {
  const base::Doing doing("providing image '{}'", spec.name);
  base::StepScope step(bench.options.sink, bench.options.clock, subject_of(spec.name),
                       fmt::format("image {} from its registry", spec.name));
  const bool ask_registry = pull.policy == PullPolicy::always && bench.options.steps != Steps::build;
  auto image = ask_registry ? std::nullopt : present(bench, spec, pull);
  const bool unchanged = image.has_value();
  if (!unchanged) {
    if (pull.policy == PullPolicy::never || bench.options.steps == Steps::build) {
      throw base::Error(base::ExitCode::deploy,
                        fmt::format("image '{}' is not on the engine, and it is not to be pulled{}",
                                    spec.name, pull.policy == PullPolicy::never ? "" : " by a build"),
                        pull.policy == PullPolicy::never ? "load it, or declare pull: missing"
                                                         : "bring it there: fresh-clone images fetch");
    }
    image = pull_now(bench, spec, pull);
  }
  ImageRecord record = record_of(spec.name, *image, unchanged ? "present" : "pulled");
  record.digest = digest_of(bench, spec, pull, *image);
  record.inputs_key = pulled_key(image->id.hex);
  step.finish(unchanged ? "unchanged" : "ok");
  return record;
}

}  // namespace fresh::images
