#include "compose/one_shot.h"

#include "base/doing.h"
#include "base/error.h"
#include "compose/inject.h"
#include "compose/request.h"
#include "engine/run_to_end.h"

#include <fmt/core.h>

namespace fresh::compose {
namespace {

constexpr std::chrono::milliseconds call_deadline(60'000);

/// Collects both streams and reports whole lines.
class Output {
 public:
  Output(const base::EventSink& sink, std::string subject) : sink_(sink), subject_(std::move(subject)) {}

  void take(engine::Stream stream, std::string_view bytes) {
    const bool is_out = stream == engine::Stream::out;
    (is_out ? out_ : err_) += bytes;
    std::string& line = is_out ? out_line_ : err_line_;
    line += bytes;
    for (auto end = line.find('\n'); end != std::string::npos; end = line.find('\n')) {
      report(line.substr(0, end));
      line.erase(0, end + 1);
    }
  }

  void finish(OneShotResult& result) {
    for (const std::string* rest : {&out_line_, &err_line_}) {
      if (!rest->empty()) {
        report(*rest);
      }
    }
    result.out = std::move(out_);
    result.err = std::move(err_);
  }

 private:
  void report(std::string line) {
    sink_({.type = base::event_type::log_line, .subject = subject_, .text = std::move(line)});
  }

  const base::EventSink& sink_;
  std::string subject_;
  std::string out_;
  std::string err_;
  std::string out_line_;
  std::string err_line_;
};

engine::RunEnd started_and_ended(engine::Engine& engine, const std::string& container,
                                 const std::string& service, const OneShotOptions& options, Output& output) {
  try {
    return engine::run_to_end(
        engine, container, options.timeout,
        [&output](engine::Stream stream, std::string_view bytes) { output.take(stream, bytes); },
        options.clock, options.stop);
  } catch (const engine::EngineError& error) {
    if (error.is_lost()) {
      throw;
    }
    throw base::Error(base::ExitCode::deploy,
                      fmt::format("service '{}' cannot run: {}", service, error.message()), error.hint());
  }
}

}  // namespace

OneShotResult run_one_shot(const Project& project, const std::string& name,
                           const std::map<std::string, std::string>& extra_environment,
                           engine::Engine& engine, const OneShotOptions& options) {
  const base::Doing doing("running service '{}' once", name);
  const auto found = project.services.find(name);
  if (found == project.services.end()) {
    throw base::Error(base::ExitCode::precheck, fmt::format("the project has no service '{}'", name),
                      "name a service of an active profile");
  }
  const Service& service = found->second;
  const engine::Call call{.deadline = call_deadline, .stop = options.stop};
  const auto image = engine.find_image(service.image, call);
  engine::ContainerSpec spec =
      one_off_request(project, service, fmt::format("{}-{}-run-{}", project.name, name, options.suffix),
                      image ? std::optional(image->id) : std::nullopt);
  for (const auto& [key, value] : extra_environment) {
    spec.environment[key] = value;
  }
  const auto begun = options.clock.steady();
  engine.create_container(spec, call);
  const engine::ContainerGuard guard(engine, spec.name);
  for (const auto& [folder, files] : injected_files(service, project)) {
    engine.put_archive(spec.name, folder, tar_of(files, folder), call);
  }
  Output output(options.sink, "service:" + name);
  const auto end = started_and_ended(engine, spec.name, name, options, output);
  if (end.killed_at_deadline) {
    throw base::Error(
        base::ExitCode::deploy,
        fmt::format("service '{}' did not end within {} and was killed", name, base::shown(options.timeout)),
        "make it faster, or give it more time: 'timeout' of the seed in fresh-clone.yaml");
  }
  const auto& container = end.container;
  if (!container || !container->has_finished()) {
    throw base::Error(
        base::ExitCode::deploy,
        fmt::format("the engine does not say that the container of service '{}' ran to its end", name),
        "look at the engine's log, then run again");
  }
  if (!end.output_lost.empty()) {
    throw base::Error(base::ExitCode::deploy,
                      fmt::format("the output of service '{}' was lost: {}", name, end.output_lost),
                      "look at the engine's log, then run again");
  }
  OneShotResult result;
  result.exit_code = container->exit_code;
  result.out_of_memory = container->oom_killed;
  output.finish(result);
  result.took = std::chrono::duration_cast<base::Milliseconds>(options.clock.steady() - begun);
  return result;
}

}  // namespace fresh::compose
