#include <fmt/core.h>


#include "images/provide.h"
#include "pipeline/context.h"

namespace fresh::pipeline {
namespace {

state::ImageRecord record_of(const images::ImageRecord& image) {
  return {.name = image.name,
          .id = "sha256:" + image.id,
          .digest = image.digest,
          .source = image.source,
          .inputs_key = image.inputs_key,
          .layers = image.layers};
}

void remember(Context& context, const images::ImagesResult& result) {
  for (const auto& image : result.images) {
    context.report.images.push_back(record_of(image));
    context.outcome.inputs["image/" + image.name] = image.id;
    context.outcome.inputs["image-inputs/" + image.name] = image.inputs_key;
    if (!image.lock_digest.empty()) {
      context.outcome.inputs["lock/" + image.name] = image.lock_digest;
      context.report.locks[image.name] = image.lock_digest;
    }
  }
  for (const auto& moved : result.drift) {
    context.report.drifts.push_back({fmt::format("package:{}:{}", moved.image, moved.package), moved.from, moved.to});
  }
  context.ledger->record_images(context.run_id, context.report.images);
}

void say_drift(Context& context) {
  const auto& drifts = context.report.drifts;
  if (drifts.empty()) {
    return;
  }
  std::string shown;
  for (std::size_t i = 0; i < drifts.size() && i < 5; ++i) {
    const auto or_none = [](const std::string& version) { return version.empty() ? std::string("none") : version; };
    shown += fmt::format("{}{} {} -> {}", i == 0 ? "" : ", ", drifts[i].subject, or_none(drifts[i].from), or_none(drifts[i].to));
  }
  context.bus.warn("images", fmt::format("{} Debian packages moved since the lock was written: {}{}", drifts.size(), shown,
                                         drifts.size() > 5 ? ", ..." : ""));
}

}  // namespace

std::string build_summary(std::size_t images, std::size_t locks, std::size_t drifts) {
  if (locks == 0) {
    return fmt::format("{} images; none has a lock ('fresh-clone images lock' writes them)", images);
  }
  const std::string locked = locks == images ? std::string("all") : fmt::format("{} of them", locks);
  return drifts == 0 ? fmt::format("{} images, {} with inputs that equal their lock", images, locked)
                     : fmt::format("{} images, {} with a lock; {} packages moved since", images, locked, drifts);
}

GateVerdict provide_images(Context& context) {
  if (context.project.images.empty()) {
    return GateVerdict::skipped("the project declares no images");
  }
  const auto result = images::provide(context.project.images, *context.engine,
                                      {.project = context.project.name,
                                       .project_folder = context.project.folder,
                                       .cache_folder = context.surroundings.cache_home(),
                                       .locked = context.settings.locked,
                                       .clock = context.clock,
                                       .sink = context.sink,
                                       .stop = context.stop});
  remember(context, result);
  say_drift(context);
  return GateVerdict::passed(
      build_summary(result.images.size(), context.report.locks.size(), context.report.drifts.size()));
}

}  // namespace fresh::pipeline
