#include "base/error.h"
#include "base/file.h"
#include "base/step_scope.h"
#include "compose/check.h"
#include "environment/lock_file.h"
#include "images/provide.h"
#include "pipeline/build_order.h"
#include "pipeline/context.h"
#include "pipeline/image_environment.h"
#include "pipeline/service_build.h"
#include "pipeline/stack_images.h"

#include <fmt/core.h>

#include <optional>
#include <set>
#include <utility>

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

void remember(Context& context, const images::ImageRecord& image) {
  context.report.images.push_back(record_of(image));
  context.outcome.inputs["image/" + image.name] = image.id;
  context.outcome.inputs["image-inputs/" + image.name] = image.inputs_key;
  if (!image.lock_digest.empty()) {
    context.outcome.inputs["lock/" + image.name] = image.lock_digest;
    context.report.locks[image.name] = image.lock_digest;
  }
}

void remember(Context& context, const images::ImagesResult& result) {
  for (const auto& image : result.images) {
    remember(context, image);
  }
  for (const auto& moved : result.drift) {
    context.report.drifts.push_back(
        {fmt::format("package:{}:{}", moved.image, moved.package), moved.from, moved.to});
  }
}

/// A build that can reach a network brings what nobody has locked: said, and with --locked an error.
void allow_open_build(Context& context, const compose::Service& service) {
  if (!has_open_build(service)) {
    return;
  }
  const std::string found =
      fmt::format("{}: the build of service '{}' has a network: what its steps fetch is locked nowhere",
                  service.build->place.text(), service.name);
  const std::string remedy =
      "write 'network: none' in its build, or declare the image in fresh-clone.yaml with a fetch";
  if (context.settings.locked) {
    throw base::Error(base::ExitCode::deploy, found + ", and --locked allows no such build", remedy);
  }
  context.open_builds.push_back(service.name);
  context.bus.warn("image:" + service.image, fmt::format("{}; {}", found, remedy));
}

/// The images of services that only their `build` makes; how many.
std::size_t provide_service_images(Context& context) {
  std::set<std::string> names;
  for (const auto& name : in_build_order(context.seed_stack, compose::in_order(context.seed_stack))) {
    const auto& service = context.seed_stack.services.at(name);
    if (!is_built_for_itself(context.project, service) || !names.insert(service.image).second) {
      continue;
    }
    allow_open_build(context, service);
    remember(context, provide_service_image(context.seed_stack, service,
                                            {.leave_out = our_folders(context.surroundings, context.project),
                                             .clock = context.clock,
                                             .sink = context.sink,
                                             .stop = context.stop},
                                            *context.engine));
  }
  return names.size();
}

void say_drift(Context& context) {
  const auto& drifts = context.report.drifts;
  if (drifts.empty()) {
    return;
  }
  std::string shown;
  for (std::size_t i = 0; i < drifts.size() && i < 5; ++i) {
    const auto or_none = [](const std::string& version) {
      return version.empty() ? std::string("none") : version;
    };
    shown += fmt::format("{}{} {} -> {}", i == 0 ? "" : ", ", drifts[i].subject, or_none(drifts[i].from),
                         or_none(drifts[i].to));
  }
  context.bus.warn("images", fmt::format("{} Debian packages moved since the lock was written: {}{}",
                                         drifts.size(), shown, drifts.size() > 5 ? ", ..." : ""));
}

/// The environment that G2 found in a lock must be in the image that carries it. What fails is the image, so
/// with G4's code.
std::optional<GateVerdict> check_environment(Context& context) {
  const auto& spec = context.project.environment;
  if (context.report.environment_provider != environment::shown(environment::Provider::container) ||
      spec.image.empty()) {
    return std::nullopt;
  }
  const std::string lock = spec.lock(environment::Provider::container).string();
  base::StepScope step(context.sink, context.clock, "environment:image",
                       fmt::format("packages of '{}'", spec.image));
  const auto requirements =
      environment::parse_requirements(base::read_file(context.project.folder / lock), lock);
  auto difference = image_difference({spec.image, context.project.name, context.run_id}, requirements,
                                     *context.engine, context.clock, context.stop);
  const auto more = std::exchange(difference.extra, {}).size();
  if (!difference.empty()) {
    return GateVerdict::failed(base::ExitCode::deploy,
                               fmt::format("the image '{}' does not hold what '{}' locks: {}", spec.image,
                                           lock, environment::to_string(difference)),
                               "build the image from this lock, or lock what the image has");
  }
  step.finish(
      "ok", fmt::format("'{}' holds the {} packages of '{}'{}", spec.image, requirements.requirements.size(),
                        lock, more == 0 ? "" : fmt::format(", and {} more that are not from it", more)));
  return std::nullopt;
}

/// `; 2 from the build of a service, 1 of them with a network`, or nothing.
std::string service_builds_summary(std::size_t services, std::size_t open) {
  if (services == 0) {
    return {};
  }
  return fmt::format("; {} from the build of a service{}", services,
                     open == 0 ? std::string() : fmt::format(", {} of them with a network", open));
}

}  // namespace

std::string build_summary(std::size_t images, std::size_t locks, std::size_t drifts) {
  if (locks == 0) {
    return fmt::format("{} images; none has a lock ('fresh-clone images lock' writes them)", images);
  }
  const std::string locked = locks == images ? std::string("all") : fmt::format("{} of them", locks);
  return drifts == 0
             ? fmt::format("{} images, {} with inputs that equal their lock", images, locked)
             : fmt::format("{} images, {} with a lock; {} packages moved since", images, locked, drifts);
}

GateVerdict provide_images(Context& context) {
  if (!context.project.images.empty()) {
    remember(context, images::provide(context.project.images, *context.engine,
                                      {.project = context.project.name,
                                       .project_folder = context.project.folder,
                                       .cache_folder = context.surroundings.cache_home(),
                                       .locked = context.settings.locked,
                                       .clock = context.clock,
                                       .sink = context.sink,
                                       .stop = context.stop}));
    say_drift(context);
  }
  const std::size_t services = provide_service_images(context);
  context.ledger->record_images(context.run_id, context.report.images);
  if (const auto differs = check_environment(context)) {
    return *differs;
  }
  if (context.report.images.empty()) {
    return GateVerdict::skipped("the project declares no images");
  }
  return GateVerdict::passed(
      build_summary(context.report.images.size(), context.report.locks.size(), context.report.drifts.size()) +
      service_builds_summary(services, context.open_builds.size()));
}

}  // namespace fresh::pipeline
