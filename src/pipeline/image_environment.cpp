#include "pipeline/image_environment.h"

#include "base/error.h"
#include "engine/labels.h"
#include "engine/run_to_end.h"

#include <fmt/core.h>

namespace fresh::pipeline {
namespace {

constexpr std::chrono::seconds short_call(30);
constexpr std::chrono::minutes question_timeout(2);

engine::ContainerSpec container_of(const ImageEnvironment& asked) {
  engine::ContainerSpec spec{.name = fmt::format("{}-environment-{}", asked.project, asked.run_id),
                             .image = asked.image};
  spec.entrypoint = std::vector<std::string>{"python3", "-c", std::string(environment::installed_query())};
  spec.command = std::vector<std::string>{};
  spec.labels = {{engine::labels::tool, "fresh-clone"},
                 {engine::labels::project, asked.project},
                 {engine::labels::run, asked.run_id},
                 {engine::labels::role, "environment"}};
  spec.network_mode = "none";
  spec.cap_drop = {"ALL"};
  spec.security_opt = {"no-new-privileges"};
  spec.healthcheck = engine::Healthcheck{.test = {"NONE"}};
  return spec;
}

}  // namespace

environment::Difference image_difference(const ImageEnvironment& asked, const environment::Lock& lock,
                                         engine::Engine& engine, const base::Clock& clock,
                                         const std::stop_token& stop) {
  const base::Doing doing("asking the python3 of image '{}' for its packages", asked.image);
  const engine::Call call{.deadline = short_call, .stop = stop};
  if (!engine.find_image(asked.image, call)) {
    throw base::Error(base::ExitCode::deploy,
                      fmt::format("the image '{}' of the environment is missing", asked.image),
                      "add it to 'images' in fresh-clone.yaml, or correct 'environment.image'");
  }
  const engine::ContainerSpec spec = container_of(asked);
  engine.create_container(spec, call);
  const engine::ContainerGuard guard(engine, spec.name);
  std::string out;
  std::string err;
  const auto end = engine::run_to_end(
      engine, spec.name, question_timeout,
      [&](engine::Stream stream, std::string_view bytes) {
        (stream == engine::Stream::out ? out : err) += bytes;
      },
      clock, stop);
  if (!end.container || !end.container->has_finished() || end.container->exit_code != 0 ||
      !end.output_lost.empty()) {
    throw base::Error(base::ExitCode::deploy,
                      fmt::format("the python3 of image '{}' does not list its packages: {}", asked.image,
                                  err.empty() ? end.output_lost : err.substr(0, 300)),
                      "let the image have a python3 that runs, or name another with 'environment.image'");
  }
  return environment::difference(lock, environment::parse_installed(out));
}

}  // namespace fresh::pipeline
