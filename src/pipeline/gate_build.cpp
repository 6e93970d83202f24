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
  const auto unchanged = context.report.drifts.empty() ? std::string("inputs equal their locks")
                                                       : fmt::format("{} packages moved", context.report.drifts.size());
  return GateVerdict::passed(fmt::format("{} images, {}", result.images.size(), unchanged));
}

}  // namespace fresh::pipeline
