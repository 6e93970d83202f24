#include "base/doing.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/step_scope.h"
#include "images/dockerfile.h"
#include "images/inputs_lock.h"
#include "images/keys.h"
#include "images/log_tail.h"
#include "images/workbench.h"
#include "source/build_context.h"

#include <fmt/core.h>

namespace fresh::images {
namespace {

namespace fs = std::filesystem;

source::ContextRequest context_of(const Workbench& bench, const BuildSource& build, const std::string& lock) {
  source::ContextRequest request{.folder = bench.options.project_folder / build.folder,
                                 .leave_out = {lock_in_folder(build)}};
  if (!lock.empty()) {
    for (const LockedInput& input : parse_inputs_lock(lock, build.lock)) {
      request.extra.push_back(
          {fmt::format("inputs/{}", input.path), bench.cache.take(input.sha256, input.path)});
    }
  }
  return request;
}

/// Podman says `STEP 2/5: RUN ...`, Docker `Step 2/5 : RUN ...`.
bool is_step(std::string_view line) {
  return line.starts_with("STEP ") || line.starts_with("Step ");
}

engine::ImageId build_by_engine(const Workbench& bench, const ImageSpec& spec, const BuildSource& build,
                                const fs::path& context, const std::string& key) {
  std::string last_step = "before its first step";
  LogTail tail([&](std::string_view line) { bench.log(spec.name, line); });
  const engine::BuildRequest request{.tags = {spec.name},
                                     .dockerfile = build.dockerfile,
                                     .arguments = build.arguments,
                                     .labels = bench.labels(key),
                                     .network = false,
                                     .cache = false,
                                     .timestamp = 0,
                                     .context_file = context.string()};
  try {
    return bench.engine.build(
        request,
        [&](std::string_view line) {
          if (is_step(line)) {
            last_step = fmt::format("at '{}'", line.substr(0, line.find('\n')));
          }
          tail.line(line);
        },
        bench.call(work_deadline));
  } catch (const engine::EngineError& error) {
    if (error.fault() != engine::Fault::failed && error.fault() != engine::Fault::bad_request) {
      throw;
    }
    throw base::Error(
        base::ExitCode::deploy,
        fmt::format("the build of image '{}' failed {}: {}; its last lines:\n{}", spec.name, last_step,
                    error.message(), tail.text()),
        fmt::format("mend '{}'; a step has no network: what it needs from outside is to be fetched",
                    (fs::path(build.folder) / build.dockerfile).generic_string()));
  }
}

}  // namespace

ImageRecord provide_build(const Workbench& bench, const ImageSpec& spec, const BuildSource& build,
                          const ImageRecord& parent) {
  const base::Doing doing("providing image '{}'", spec.name);
  base::StepScope step(bench.options.sink, bench.options.clock, subject_of(spec.name),
                       fmt::format("image {} from {}", spec.name, build.folder));
  const fs::path dockerfile = fs::path(build.folder) / build.dockerfile;
  check_dockerfile(base::read_file(bench.options.project_folder / dockerfile), dockerfile.generic_string(),
                   build.from);
  const std::string lock = lock_text(bench.options.project_folder, build.lock);
  const std::string key = build_key(build, bench.options.project_folder, lock, parent.inputs_key);
  auto image = find_made(bench.engine, spec.name, key, bench.call(look_deadline));
  const bool unchanged = image.has_value();
  if (!unchanged) {
    const CacheWorkFolder work(bench.cache);
    const fs::path context = work.path() / "context.tar";
    source::OutputFile file(context);
    source::write_build_context(context_of(bench, build, lock),
                                [&](std::string_view bytes) { file.write(bytes); });
    file.close();
    image = confirm(bench, spec.name, build_by_engine(bench, spec, build, context, key).hex);
  }
  ImageRecord record = record_of(spec.name, *image, "built");
  record.inputs_key = key;
  record.lock_digest = lock.empty() ? "" : base::sha256_hex(lock);
  record.base = build.from;
  step.finish(unchanged ? "unchanged" : "ok");
  return record;
}

}  // namespace fresh::images
