#include "compose/one_shot.h"

#include "base/doing.h"
#include "base/error.h"
#include "base/task_group.h"
#include "compose/inject.h"
#include "compose/request.h"

#include <fmt/core.h>

#include <condition_variable>
#include <mutex>

namespace fresh::compose {
namespace {

constexpr std::chrono::milliseconds call_deadline(60'000);
constexpr std::chrono::milliseconds drain_margin(10'000);

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
    sink_({.type = base::event_type::log_line,
           .subject = subject_,
           .text = std::move(line),
           .outcome = {},
           .took = {},
           .fields = {}});
  }

  const base::EventSink& sink_;
  std::string subject_;
  std::string out_;
  std::string err_;
  std::string out_line_;
  std::string err_line_;
};

/// Removes the container at the end of scope, also after an interruption: the call has no stop token.
class Removal {
 public:
  Removal(engine::Engine& engine, std::string container)
      : engine_(engine), container_(std::move(container)) {}
  Removal(const Removal&) = delete;
  Removal& operator=(const Removal&) = delete;
  ~Removal() {
    try {
      engine_.remove_container(container_, true, {.deadline = call_deadline});
    } catch (const base::Error&) {
      // Left behind it carries the project's label, so `down` finds it.
    }
  }

 private:
  engine::Engine& engine_;
  std::string container_;
};

/// Lets one thread wait until another says go, or the work has failed.
class Flag {
 public:
  void raise() {
    const std::scoped_lock lock(mutex_);
    raised_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return raised_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool raised_ = false;
};

void start_and_wait(engine::Engine& engine, const std::string& container, const std::string& service,
                    const OneShotOptions& options, Output& output) {
  const engine::Call call{.deadline = call_deadline, .stop = options.stop};
  const engine::Call whole{.deadline = options.timeout, .stop = options.stop};
  base::TaskGroup group(options.stop);
  Flag attached;
  group.start([&](const std::stop_token& stop) {
    struct Raise {
      Flag& flag;
      ~Raise() { flag.raise(); }
    } const raise{attached};
    engine.attach(
        container, [&] { attached.raise(); },
        [&](engine::Stream stream, std::string_view bytes) { output.take(stream, bytes); },
        {.deadline = options.timeout + drain_margin, .stop = stop});
  });
  attached.wait();
  if (group.token().stop_requested()) {
    group.join();
  }
  const auto pending = engine.arm_exit(container, call);
  try {
    engine.start_container(container, call);
  } catch (const engine::EngineError& error) {
    throw base::Error(base::ExitCode::deploy,
                      fmt::format("service '{}' cannot run: {}", service, error.message()), error.hint());
  }
  pending->wait(whole);
  group.join();
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
  const Removal removal(engine, spec.name);
  for (const auto& [folder, files] : injected_files(service, project)) {
    engine.put_archive(spec.name, folder, tar_of(files, folder), call);
  }
  Output output(options.sink, "service:" + name);
  start_and_wait(engine, spec.name, name, options, output);
  const auto container = engine.find_container(spec.name, call);
  if (!container || !container->has_finished()) {
    throw base::Error(
        base::ExitCode::deploy,
        fmt::format("the engine does not say that the container of service '{}' ran to its end", name),
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
