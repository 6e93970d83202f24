#include "pipeline/service_build.h"

#include "base/error.h"
#include "base/file.h"
#include "base/step_scope.h"
#include "engine/labels.h"
#include "images/dockerfile_use.h"
#include "images/log_tail.h"
#include "pipeline/stack_images.h"
#include "source/build_context.h"

#include <fmt/core.h>

namespace fresh::pipeline {
namespace {

using base::Error;
using base::ExitCode;

constexpr base::Milliseconds look_deadline(60'000);
constexpr base::Milliseconds work_deadline(1'800'000);

/// The path of the Dockerfile in the context.
std::string dockerfile_of(const compose::Build& build) {
  if (!build.dockerfile_inline.empty()) {
    return "fresh-clone.dockerfile";
  }
  return build.dockerfile.empty() ? "Dockerfile" : build.dockerfile;
}

std::string dockerfile_text(const compose::Service& service) {
  const auto& build = *service.build;
  if (!build.dockerfile_inline.empty()) {
    return build.dockerfile_inline;
  }
  const auto path = build.context / dockerfile_of(build);
  const auto text = base::read_file_if_exists(path);
  if (!text) {
    throw Error(ExitCode::precheck,
                fmt::format("{}: the build of service '{}' names '{}', which does not exist",
                            service.place.text(), service.name, path.string()),
                "add it, or name another one: build: {context: ..., dockerfile: ...}");
  }
  return *text;
}

/// The images of the Dockerfile that the engine will ask a registry for.
std::vector<std::string> bases_to_pull(const std::string& dockerfile, const engine::BuildRequest& build,
                                       engine::EngineReader& engine, const engine::Call& call) {
  std::vector<std::string> bases;
  for (const auto& image : images::dockerfile_use(dockerfile, build.arguments).images) {
    if (build.pull || !engine.find_image(image.name, call)) {
      bases.push_back(image.name);
    }
  }
  return bases;
}

}  // namespace

engine::ImageId build_service_image(const compose::Service& service, const ServiceBuildOptions& options,
                                    engine::Engine& engine) {
  const base::Doing doing("building the image of service '{}'", service.name);
  const std::string subject = "image:" + service.image;
  base::StepScope step(options.sink, options.clock, subject, "building");
  const base::TemporaryFolder folder;
  const compose::Build& spec = *service.build;
  const std::string dockerfile = dockerfile_of(spec);
  const std::string text = dockerfile_text(service);
  source::ContextRequest context{.folder = spec.context};
  if (!spec.dockerfile_inline.empty()) {
    base::write_file_atomic(folder.path() / dockerfile, text);
    context.extra.push_back({dockerfile, folder.path() / dockerfile});
  }
  const auto archive = folder.path() / "context.tar";
  source::OutputFile file(archive);
  source::write_build_context(context, [&](std::string_view bytes) { file.write(bytes); });
  file.close();
  engine::BuildRequest build;
  build.tags = {service.image};
  build.dockerfile = dockerfile;
  build.target = spec.target;
  build.arguments = spec.arguments;
  for (const auto& [name, value] : options.arguments) {
    build.arguments[name] = value;
  }
  build.labels = {{engine::labels::compose_project, options.project},
                  {engine::labels::compose_service, service.name},
                  {engine::labels::compose_version, "fresh-clone"}};
  build.network = spec.network != "none";
  build.cache = options.cache;
  build.pull = options.pull;
  build.bases = bases_to_pull(text, build, engine, {.deadline = look_deadline, .stop = options.stop});
  build.context_file = archive.string();
  images::LogTail tail([&](std::string_view line) {
    options.sink({.type = base::event_type::log_line, .subject = subject, .text = std::string(line)});
  });
  try {
    const auto id = engine.build(build, [&](std::string_view line) { tail.line(line); },
                                 {.deadline = work_deadline, .stop = options.stop});
    step.finish("built", id.hex.substr(0, 12));
    return id;
  } catch (const engine::EngineError& error) {
    throw Error(ExitCode::deploy,
                fmt::format("the image '{}' of service '{}' was not built: {}\n{}", service.image,
                            service.name, error.message(), tail.text()),
                build_remedy(error, dockerfile, spec.context.string()));
  }
}

}  // namespace fresh::pipeline
