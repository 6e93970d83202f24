#include "compose/still_there.h"

#include "base/error.h"
#include "base/task_group.h"
#include "compose/failure.h"
#include "engine/labels.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::compose {
namespace {

constexpr std::chrono::milliseconds just_started(500);

/// The services whose containers a plan started, by container name, without those whose end it waited for.
std::map<std::string, std::string> started(const Plan& plan) {
  std::map<std::string, std::string> result;
  for (const auto& step : plan.steps) {
    if (const auto* start = std::get_if<Start>(&step.request); start != nullptr && !start->arm_exit) {
      result.emplace(start->container, step.service);
    }
  }
  return result;
}

bool has_gate(const Plan& plan, const std::string& container) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const Step& step) {
    const auto* probe = std::get_if<Probe>(&step.request);
    return probe != nullptr && probe->container == container;
  });
}

/// Until those without a gate have run for `settle`; time that gates of others took counts.
void settle(const Plan& plan, const StartTimes& start_times, const RunOptions& options) {
  base::SteadyTime until = base::SteadyTime::min();
  for (const auto& [container, time] : start_times) {
    if (!has_gate(plan, container)) {
      until = std::max(until, time + options.settle);
    }
  }
  const auto now = options.clock.steady();
  if (now < until && !options.clock.wait(std::chrono::ceil<base::Milliseconds>(until - now), options.stop)) {
    throw base::Interrupted("waiting for the services to stay up");
  }
}

/// Looks once more at containers without a gate that were started a moment ago: an engine lists a program
/// that has just ended as running, and answers an inspection when it has dealt with the end.
void look_again(std::vector<engine::Container>& containers, const Plan& plan, const StartTimes& start_times,
                engine::Engine& engine, const RunOptions& options) {
  const auto now = options.clock.steady();
  base::TaskGroup looks(options.stop);
  for (auto& container : containers) {
    const auto started = start_times.find(container.name);
    if (started == start_times.end() || now - started->second > just_started ||
        container.state != "running" || has_gate(plan, container.name)) {
      continue;
    }
    looks.start([&container, &engine, &options](const std::stop_token& stop) {
      if (auto seen =
              engine.find_container(container.id.hex, {.deadline = options.call_deadline, .stop = stop})) {
        container = *std::move(seen);
      }
    });
  }
  looks.join();
}

}  // namespace

void check_still_there(const Plan& plan, const Project& project, const StartTimes& start_times,
                       engine::Engine& engine, const RunOptions& options) {
  auto expected = started(plan);
  std::erase_if(expected, [&](const auto& entry) { return options.watched.contains(entry.second); });
  if (expected.empty()) {
    return;
  }
  settle(plan, start_times, options);
  const engine::Call call{.deadline = options.call_deadline, .stop = options.stop};
  auto containers =
      engine.list_containers({.labels = {{engine::labels::compose_project, project.name}}}, call);
  std::erase_if(containers, [&](const engine::Container& one) { return !expected.contains(one.name); });
  look_again(containers, plan, start_times, engine, options);
  for (const auto& container : containers) {
    const auto found = expected.find(container.name);
    const Service& service = project.services.at(found->second);
    expected.erase(found);
    if (container.state == "running" || container.state == "paused") {
      continue;
    }
    const auto inspected = engine.find_container(container.id.hex, call);
    const bool may_end = service.restart == "no" && !service.healthcheck;
    if (inspected && may_end && inspected->has_finished() && inspected->exit_code == 0) {
      continue;
    }
    throw ended_service(engine, service.name, inspected.value_or(container));
  }
  for (const auto& [name, service] : expected) {
    throw base::Error(base::ExitCode::deploy,
                      fmt::format("the container '{}' of service '{}' is gone", name, service), "run again");
  }
}

}  // namespace fresh::compose
