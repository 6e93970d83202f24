#include "compose/run.h"

#include "base/doing.h"
#include "base/error.h"
#include "base/step_scope.h"
#include "base/task_group.h"
#include "compose/failure.h"
#include "compose/inject.h"
#include "compose/request.h"
#include "compose/still_there.h"
#include "compose/volume_handover.h"
#include "compose/walk.h"
#include "engine/budget.h"
#include "engine/labels.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace fresh::compose {
namespace {

constexpr std::chrono::milliseconds stop_margin(20'000);
constexpr std::chrono::milliseconds unmake_deadline(10'000);
constexpr std::chrono::seconds default_grace(10);

/// Creations, starts and the like that go on side by side. Of 40 services on 2 processors: Docker took 4.8 s
/// with 16 and 5.4 with 4, more gained nothing; Podman, behind its locks, 2.7 s with 2 as with 16 (medians of
/// 3).
constexpr std::size_t places(engine::Flavor flavor) {
  return flavor == engine::Flavor::docker ? 16 : 4;
}

/// `service:db:1` -> `service:db`: what people follow is the service.
std::string event_subject(const Step& step) {
  return step.service.empty() ? step.subject : "service:" + step.service;
}

std::string event_text(const Step& step) {
  switch (step.verb) {
    case Verb::probe:
      return "waiting until healthy";
    case Verb::wait:
      return "waiting for its end";
    default:
      return fmt::format("{} {}", shown(step.verb), step.subject);
  }
}

class Executor {
 public:
  Executor(const Plan& plan, engine::Engine& engine, const RunOptions& options)
      : plan_(plan), engine_(engine), options_(options), handover_(plan) {
    for (const auto& step : plan.steps) {
      if (const auto* spec = std::get_if<engine::ContainerSpec>(&step.request)) {
        specs_.emplace(spec->name, spec);
      } else if (const auto* rename = std::get_if<Rename>(&step.request)) {
        specs_[rename->name] = specs_[rename->container];
      }
    }
    result_.steps = plan.steps.size();
  }

  void walk_plan() {
    try {
      take_steps();
    } catch (...) {
      unmake();
      throw;
    }
  }

  void take_steps() {
    walk(plan_, places(engine_.version().flavor), options_.stop,
         [this](const Step& step, const std::stop_token& stop) { act(step, stop); });
  }

  /// When each container that was not armed was started, by name.
  const std::map<std::string, base::SteadyTime>& start_times() const { return start_times_; }

  RunResult take() { return std::move(result_); }

 private:
  /// Removes the successors whose old containers are still there: those stay what they were.
  void unmake() noexcept {
    const engine::Budget budget({.deadline = unmake_deadline});
    for (const auto& step : plan_.steps) {
      const auto* rename = std::get_if<Rename>(&step.request);
      if (rename == nullptr || !made_.contains(rename->container) || left_.contains(rename->container)) {
        continue;
      }
      try {
        engine_.remove_container(rename->container, true, budget.left());
      } catch (const std::exception&) {
        // The next 'up' does it.
      }
    }
  }

  void act(const Step& step, const std::stop_token& stop) {
    const base::Doing doing("carrying out '{} {}'", shown(step.verb), step.subject);
    base::StepScope scope(options_.sink, options_.clock, event_subject(step), event_text(step));
    std::visit([&](const auto& request) { perform(step, request, stop); }, step.request);
    scope.finish("ok");
  }

  engine::Call call(const std::stop_token& stop) const {
    return {.deadline = options_.call_deadline, .stop = stop};
  }

  void perform(const Step& step, const engine::PullRequest& request, const std::stop_token& stop) {
    const auto progress = [&](std::string_view line) {
      options_.sink(
          {.type = base::event_type::waiting, .subject = event_subject(step), .text = std::string(line)});
    };
    const auto id = engine_.pull(request, progress, {.deadline = options_.pull_deadline, .stop = stop});
    const std::scoped_lock lock(mutex_);
    pulled_.emplace(request.reference, id);
  }

  void perform(const Step& /*step*/, const engine::NetworkSpec& request, const std::stop_token& stop) {
    engine_.create_network(request, call(stop));
  }

  void perform(const Step& /*step*/, const engine::VolumeSpec& request, const std::stop_token& stop) {
    engine_.create_volume(request, call(stop));
  }

  void perform(const Step& step, const engine::ContainerSpec& request, const std::stop_token& stop) {
    // Only the engine's answer to the pull says which image the container is made of.
    std::optional<engine::ImageId> pulled;
    {
      const std::scoped_lock lock(mutex_);
      if (const auto found = pulled_.find(with_tag(request.image)); found != pulled_.end()) {
        pulled = found->second;
      }
    }
    engine::ContainerSpec labelled = request;
    if (pulled) {
      labelled.labels[engine::labels::compose_image] = image_label(*pulled);
    }
    handover_.inherit(labelled, engine_, call(stop));
    try {
      engine_.create_container(labelled, call(stop));
      const std::scoped_lock lock(mutex_);
      made_.insert(request.name);
    } catch (const engine::EngineError& error) {
      tell_of_kept(step, request.name);
      if (error.fault() != engine::Fault::conflict) {
        throw;
      }
      throw refused_name(engine_, error, step, request);
    }
  }

  void perform(const Step& step, const RunHook& request, const std::stop_token& stop) {
    const auto result = engine_.exec(request.container, request.command, {}, call(stop));
    if (result.exit_code == 0) {
      return;
    }
    const base::Error error = failed_hook(step, request.command, result);
    if (request.must_succeed) {
      throw error;
    }
    options_.sink(
        {.type = base::event_type::warning, .subject = event_subject(step), .text = error.message()});
  }

  void perform(const Step& /*step*/, const Inject& request, const std::stop_token& stop) {
    engine_.put_archive(request.container, request.folder, tar_of(request.files, request.folder), call(stop));
  }

  void perform(const Step& step, const Rename& request, const std::stop_token& stop) {
    try {
      engine_.rename_container(request.container, request.name, call(stop));
    } catch (const engine::EngineError& error) {
      const auto spec = specs_.find(request.name);
      if (error.fault() != engine::Fault::conflict || spec == specs_.end()) {
        throw;
      }
      engine::ContainerSpec wanted = *spec->second;
      wanted.name = request.name;
      throw refused_name(engine_, error, step, wanted);
    }
  }

  void perform(const Step& /*step*/, const Prepare& request, const std::stop_token& stop) {
    try {
      engine_.prepare_container(request.container, call(stop));
    } catch (const engine::EngineError& error) {
      if (error.is_lost() || error.fault() == engine::Fault::timed_out) {
        throw;
      }
      // The start does all that is left to do, and says what is wrong.
    }
  }

  void perform(const Step& step, const Start& request, const std::stop_token& stop) {
    if (request.arm_exit) {
      auto pending = engine_.arm_exit(request.container, call(stop));
      const std::scoped_lock lock(mutex_);
      armed_[request.container] = std::move(pending);
    }
    if (options_.before_start) {
      options_.before_start(step.service, request.container);
    }
    try {
      engine_.start_container(request.container, call(stop));
    } catch (const engine::EngineError& error) {
      if (error.is_lost() || error.fault() == engine::Fault::timed_out) {
        throw;
      }
      const auto spec = specs_.find(request.container);
      throw refused_start(engine_, error, step, spec == specs_.end() ? nullptr : spec->second);
    }
    if (!request.arm_exit) {
      const std::scoped_lock lock(mutex_);
      start_times_[request.container] = options_.clock.steady();
    }
    if (options_.on_start) {
      options_.on_start(step.service);
    }
  }

  void perform(const Step& step, const Probe& request, const std::stop_token& stop) {
    const GateResult result = wait_healthy(engine_, request.container, request.policy, event_subject(step),
                                           options_.clock, options_.sink, stop);
    if (result.health != Health::healthy) {
      throw closed_gate(engine_, step.service, request.container, request.policy, result);
    }
    const std::scoped_lock lock(mutex_);
    result_.gates[step.subject] = {.probes = result.probes, .took = result.took};
  }

  void perform(const Step& step, const WaitExit& request, const std::stop_token& stop) {
    std::unique_ptr<engine::PendingExit> pending = take_armed(request.container);
    if (!pending) {
      // It ran before this plan: an exit between a look and the arming is seen by the second look.
      pending = engine_.arm_exit(request.container, call(stop));
    }
    auto container = engine_.find_container(request.container, call(stop));
    if (container && !container->has_finished()) {
      pending->wait({.deadline = request.timeout, .stop = stop});
      container = engine_.find_container(request.container, call(stop));
    }
    if (!container) {
      throw base::Error(
          base::ExitCode::deploy,
          fmt::format("the container of service '{}' is gone before its end was seen", step.service),
          "run again");
    }
    if (!container->has_finished() || container->exit_code != 0) {
      throw ended_service(engine_, step.service, *container);
    }
  }

  std::unique_ptr<engine::PendingExit> take_armed(const std::string& container) {
    const std::scoped_lock lock(mutex_);
    const auto found = armed_.find(container);
    return found == armed_.end() ? nullptr : std::move(found->second);
  }

  void perform(const Step& /*step*/, const Stop& request, const std::stop_token& stop) {
    const auto grace = request.grace.value_or(default_grace);
    engine_.stop_container(
        request.container, request.grace,
        {.deadline = std::max<std::chrono::milliseconds>(options_.call_deadline, grace + stop_margin),
         .stop = stop});
  }

  void perform(const Step& /*step*/, const RemoveContainer& request, const std::stop_token& stop) {
    handover_.note(request, engine_, call(stop));
    {
      const std::scoped_lock lock(mutex_);
      left_.insert(request.successor);
    }
    engine_.remove_container(request.container, request.volumes, call(stop));
    handover_.removed(request);
  }

  /// The old container is gone, the new one is not there: where the data lie, and how to get them back.
  void tell_of_kept(const Step& step, const std::string& container) {
    for (const auto& volume : handover_.orphaned(container)) {
      options_.sink(
          {.type = base::event_type::warning,
           .subject = event_subject(step),
           .text = fmt::format("what the old container wrote on {} stays in the volume {}; the next "
                               "'up' makes a new one: to get it back, mount it as an external volume",
                               volume.target, volume.source)});
    }
  }

  void perform(const Step& /*step*/, const RemoveNetwork& request, const std::stop_token& stop) {
    engine_.remove_network(request.name, call(stop));
  }

  void perform(const Step& /*step*/, const RemoveVolume& request, const std::stop_token& stop) {
    try {
      engine_.remove_volume(request.name, call(stop));
    } catch (const engine::EngineError& error) {
      if (!request.unless_used || error.fault() != engine::Fault::conflict) {
        throw;
      }
    }
  }

  const Plan& plan_;
  engine::Engine& engine_;
  const RunOptions& options_;
  VolumeHandover handover_;
  std::mutex mutex_;
  std::map<std::string, engine::ImageId> pulled_;
  std::map<std::string, std::unique_ptr<engine::PendingExit>> armed_;
  std::map<std::string, const engine::ContainerSpec*> specs_;
  std::map<std::string, base::SteadyTime> start_times_;
  std::set<std::string> made_;
  std::set<std::string> left_;  ///< successors whose old containers may be gone
  RunResult result_;
};

}  // namespace

RunResult run(const Plan& plan, engine::Engine& engine, const RunOptions& options) {
  Executor executor(plan, engine, options);
  executor.walk_plan();
  return executor.take();
}

RunResult run(const Plan& plan, const Project& project, engine::Engine& engine, const RunOptions& options) {
  Executor executor(plan, engine, options);
  executor.walk_plan();
  check_still_there(plan, project, executor.start_times(), engine, options);
  return executor.take();
}

}  // namespace fresh::compose
