#include "base/doing.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/step_scope.h"
#include "images/base_system.h"
#include "images/keys.h"
#include "images/workbench.h"
#include "source/docker_archive.h"
#include "source/output_file.h"

#include <fmt/core.h>

namespace fresh::images {
namespace {

BaseSystem system_for(const Workbench& bench, const ImageSpec& spec, const BaseSource& base,
                      const std::string& lock) {
  const auto on_line = [&](std::string_view line) { bench.log(spec.name, line); };
  const bool relock = bench.options.steps == Steps::lock && !lock.empty();
  auto cached =
      relock ? std::nullopt : find_base_system(base, bench.architecture, lock, base.lock, bench.cache);
  if (cached) {
    return *std::move(cached);
  }
  if (bench.options.steps == Steps::build) {
    throw base::Error(base::ExitCode::deploy,
                      fmt::format("the root file system of image '{}' is not in the cache", spec.name),
                      "bring it there: fresh-clone images fetch");
  }
  return make_base_system(base, bench.architecture, lock, bench.cache, on_line, bench.options.stop);
}

std::string shown(const Drift& drift) {
  if (drift.from.empty()) {
    return fmt::format("{} {} is new", drift.package, drift.to);
  }
  return drift.to.empty() ? fmt::format("{} {} is gone", drift.package, drift.from)
                          : fmt::format("{} {} -> {}", drift.package, drift.from, drift.to);
}

/// A drift is said in any case; with --locked it ends the run.
void judge(const Workbench& bench, const ImageSpec& spec, const BaseSource& base, const std::string& lock,
           const std::vector<Drift>& drift) {
  if (lock.empty() && bench.options.locked) {
    throw base::Error(
        base::ExitCode::deploy,
        fmt::format("image '{}' has no packages lock '{}', and --locked was asked for", spec.name, base.lock),
        "write it: fresh-clone images lock");
  }
  if (drift.empty()) {
    return;
  }
  std::string text =
      fmt::format("{} packages of image '{}' moved since '{}'", drift.size(), spec.name, base.lock);
  for (const Drift& one : drift) {
    text += fmt::format("\n  {}", shown(one));
  }
  if (bench.options.locked) {
    throw base::Error(base::ExitCode::deploy, text,
                      "accept them: fresh-clone images lock; or run without --locked");
  }
  bench.options.sink({.type = base::event_type::warning, .subject = subject_of(spec.name), .text = text});
}

engine::Image load(const Workbench& bench, const ImageSpec& spec, const BaseSource& base,
                   const BaseSystem& system, const std::string& key) {
  const CacheWorkFolder work(bench.cache);
  const auto archive = work.path() / "image.tar";
  source::OutputFile file(archive);
  const std::string id = source::write_docker_archive(
      {.name = spec.name,
       .root = bench.cache.take(system.root, fmt::format("root file system of {}", spec.name)),
       .architecture = bench.architecture,
       .labels = bench.labels(key),
       .environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
       .command = {"/bin/sh"},
       .comment = fmt::format("fresh-clone base of Debian {}", base.suite)},
      [&](std::string_view bytes) { file.write(bytes); });
  file.close();
  bench.engine.load_image(archive.string(), bench.call(work_deadline));
  return confirm(bench, spec.name, id);
}

}  // namespace

ImageRecord provide_base(const Workbench& bench, const ImageSpec& spec, const BaseSource& base,
                         std::vector<Drift>& drift) {
  const base::Doing doing("providing image '{}'", spec.name);
  base::StepScope step(bench.options.sink, bench.options.clock, subject_of(spec.name),
                       fmt::format("base image {} of Debian {}", spec.name, base.suite));
  std::string lock = lock_text(bench.options.project_folder, base.lock);
  const BaseSystem system = system_for(bench, spec, base, lock);
  if (bench.options.steps == Steps::lock) {
    lock = packages_lock_text(system.packages);
    base::write_file_atomic(bench.options.project_folder / base.lock, lock);
    note_base_system(base, bench.architecture, lock, system, bench.cache);
  }
  if (!lock.empty()) {
    drift = drift_of(spec.name, parse_packages_lock(lock, base.lock), system.packages);
  }
  judge(bench, spec, base, lock, drift);

  const std::string key = base_key(system);
  auto image = find_made(bench.engine, spec.name, key, bench.call(look_deadline));
  const bool unchanged = image.has_value();
  if (!unchanged) {
    image = load(bench, spec, base, system, key);
  }
  ImageRecord record = record_of(spec.name, *image, "base");
  record.inputs_key = key;
  record.lock_digest = lock.empty() ? "" : base::sha256_hex(lock);
  step.finish(unchanged ? "unchanged" : "ok");
  return record;
}

}  // namespace fresh::images
