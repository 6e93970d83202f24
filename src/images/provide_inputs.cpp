#include "base/doing.h"
#include "base/error.h"
#include "base/file.h"
#include "base/step_scope.h"
#include "images/fetch.h"
#include "images/keys.h"
#include "images/workbench.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::images {
namespace {

std::vector<LockedInput> listed(const std::vector<FetchedInput>& fetched) {
  std::vector<LockedInput> inputs;
  inputs.reserve(fetched.size());
  for (const FetchedInput& one : fetched) {
    inputs.push_back(one.input);
  }
  return inputs;
}

/// A lock may be edited by hand to name origins better than a file name does: those stay while the file
/// stays.
void keep_origins(std::vector<LockedInput>& inputs, const std::vector<LockedInput>& before) {
  for (LockedInput& input : inputs) {
    const auto same = std::find_if(before.begin(), before.end(), [&](const LockedInput& old) {
      return old.path == input.path && old.sha256 == input.sha256;
    });
    if (same != before.end() && !same->origin.empty()) {
      input.origin = same->origin;
    }
  }
}

std::vector<FetchedInput> fetch(const Workbench& bench, const ImageSpec& spec, const BuildSource& build,
                                const CacheWorkFolder& work) {
  LogTail log([&](std::string_view line) { bench.log(spec.name, line); });
  return run_fetch(bench.engine,
                   {.image_name = spec.name,
                    .project = bench.options.project,
                    .step = *build.fetch,
                    .folder = bench.options.project_folder / build.folder,
                    .lock_in_folder = lock_in_folder(build),
                    .environment = proxy_environment()},
                   work.path(), log, bench.options.clock, bench.options.stop);
}

void store(const Workbench& bench, const std::vector<FetchedInput>& fetched) {
  for (const FetchedInput& one : fetched) {
    bench.cache.store(one.file, one.input.sha256);
  }
}

}  // namespace

void provide_inputs(const Workbench& bench, const ImageSpec& spec, const BuildSource& build) {
  const base::Doing doing("providing the inputs of image '{}'", spec.name);
  base::StepScope step(bench.options.sink, bench.options.clock, subject_of(spec.name),
                       fmt::format("inputs of {}", spec.name));
  const auto lock_path = bench.options.project_folder / build.lock;
  const auto text = base::read_file_if_exists(lock_path);
  if (bench.options.steps == Steps::lock) {
    const CacheWorkFolder work(bench.cache);
    const std::vector<FetchedInput> fetched = fetch(bench, spec, build, work);
    std::vector<LockedInput> inputs = listed(fetched);
    if (text) {
      keep_origins(inputs, parse_inputs_lock(*text, build.lock));
    }
    store(bench, fetched);
    base::write_file_atomic(lock_path, inputs_lock_text(inputs));
    step.finish("ok", fmt::format("{} inputs of {} locked", inputs.size(), spec.name));
    return;
  }
  if (!text) {
    throw base::Error(base::ExitCode::deploy, fmt::format("the inputs lock '{}' does not exist", build.lock),
                      "write it: fresh-clone images lock");
  }
  const std::vector<LockedInput> locked = parse_inputs_lock(*text, build.lock);
  if (std::all_of(locked.begin(), locked.end(),
                  [&](const auto& input) { return bench.cache.has(input.sha256); })) {
    step.finish("cached", fmt::format("{} inputs of {} are in the cache", locked.size(), spec.name));
    return;
  }
  const CacheWorkFolder work(bench.cache);
  const std::vector<FetchedInput> fetched = fetch(bench, spec, build, work);
  const InputsDifference difference = compare_inputs(locked, listed(fetched));
  if (!difference.none()) {
    throw base::Error(base::ExitCode::deploy,
                      fmt::format("the fetched inputs of image '{}' are not those of '{}':\n{}", spec.name,
                                  build.lock, difference.text()),
                      "see why they moved; to accept them: fresh-clone images lock");
  }
  store(bench, fetched);
  step.finish("ok", fmt::format("{} inputs of {} fetched", locked.size(), spec.name));
}

}  // namespace fresh::images
