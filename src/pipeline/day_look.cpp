#include "base/error.h"
#include "base/task_group.h"
#include "compose/check.h"
#include "compose/status.h"
#include "compose/succession.h"
#include "document/refuse.h"
#include "engine/labels.h"
#include "pipeline/day.h"

#include <fmt/core.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <tuple>

namespace fresh::pipeline {
namespace {

namespace labels = engine::labels;
using base::Error;
using base::ExitCode;

constexpr base::Milliseconds between_looks(1'000);
constexpr double percent = 100;

StackContainer stack_container(engine::Container container) {
  StackContainer one;
  one.service = labels::value_of(container.labels, labels::compose_service);
  one.one_off = compose::is_one_off(container);
  one.number = compose::number_of(container);
  one.container = std::move(container);
  return one;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

double cpu_share(const engine::ContainerUse& before, const engine::ContainerUse& now) {
  const auto cpu = static_cast<double>(now.cpu_time - before.cpu_time);
  const auto system = static_cast<double>(now.system_time - before.system_time);
  return system > 0 && cpu > 0
             ? cpu / system * static_cast<double>(std::max<std::int64_t>(now.cpus, 1)) * percent
             : 0;
}

}  // namespace

std::vector<StackContainer> Day::find(engine::EngineReader& engine, const std::vector<std::string>& services,
                                      bool one_offs) {
  std::vector<StackContainer> found;
  auto listed =
      engine.list_containers({.labels = {{labels::compose_project, project_.name}}}, call(look_deadline));
  compose::leave_out_half_made(listed);
  for (auto& container : listed) {
    found.push_back(stack_container(std::move(container)));
  }
  std::vector<std::string> known;
  for (const auto& one : found) {
    known.push_back(one.service);
  }
  for (const auto& name : services) {
    if (!contains(known, name)) {
      throw Error(ExitCode::precheck, fmt::format("the service '{}' has no container", name),
                  document::nearest_hint(name, known, "see 'fresh-clone ps' for those that have"));
    }
  }
  std::erase_if(found, [&](const StackContainer& one) {
    return (one.one_off && !one_offs) || !compose::is_meant(services, one.service);
  });
  std::sort(found.begin(), found.end(), [](const StackContainer& a, const StackContainer& b) {
    return std::tie(a.service, a.one_off, a.number, a.container.name) <
           std::tie(b.service, b.one_off, b.number, b.container.name);
  });
  return found;
}

StackContainer Day::choose(engine::EngineReader& engine, const ContainerChoice& choice) {
  const auto found = find(engine, {choice.service}, false);
  const auto chosen = std::find_if(found.begin(), found.end(), [&](const StackContainer& one) {
    return choice.index == 0 || one.number == choice.index;
  });
  if (chosen == found.end()) {
    throw Error(ExitCode::precheck,
                fmt::format("the service '{}' has no container {}", choice.service,
                            choice.index == 0 ? 1 : choice.index),
                fmt::format("it has {}; see 'fresh-clone ps'", found.size()));
  }
  return *chosen;
}

std::vector<ServiceState> Day::status(bool health) {
  const auto stack = model();
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  const auto probed = health ? compose::probe_all(stack, engine, call(look_deadline))
                             : std::map<std::string, compose::Probed>();
  return service_states(stack, compose::status(project_.name, engine, call(look_deadline)),
                        compose::verdicts(probed));
}

std::vector<StackContainer> Day::containers(const std::vector<std::string>& services, bool one_offs) {
  const Connection connection = connected(false);
  auto found = find(*connection.engine, services, one_offs);
  for (auto& one : found) {
    if (auto inspected = connection.engine->find_container(one.container.id.hex, call(look_deadline))) {
      one.container = *std::move(inspected);
    }
    for (auto& word : one.container.command) {
      word = redactor_->redact(word);
    }
    for (auto& label : one.container.labels) {
      label.second = redactor_->redact(label.second);
    }
  }
  return found;
}

StackContainer Day::container(const ContainerChoice& choice) {
  const Connection connection = connected(false);
  StackContainer one = choose(*connection.engine, choice);
  if (auto inspected = connection.engine->find_container(one.container.id.hex, call(look_deadline))) {
    one.container = *std::move(inspected);
  }
  return one;
}

void Day::logs(const std::vector<std::string>& services, int index, const engine::LogRequest& request,
               const std::function<void(const OutputLine&)>& sink) {
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  auto wanted = find(engine, services, false);
  std::erase_if(wanted, [&](const StackContainer& one) { return index != 0 && one.number != index; });
  const auto name_of = [&](const StackContainer& one) {
    const auto same = std::count_if(wanted.begin(), wanted.end(), [&](const StackContainer& other) {
      return other.service == one.service;
    });
    return same > 1 ? fmt::format("{}-{}", one.service, one.number) : one.service;
  };
  std::mutex mutex;
  const auto read = [&](const StackContainer& one, const std::stop_token& stop) {
    const std::string name = name_of(one);
    compose::read_log(engine, one.container.name, request,
                      [&](engine::Stream /*stream*/, std::string_view line) {
                        const std::scoped_lock lock(mutex);
                        sink({.name = name, .text = redactor_->redact(line)});
                      },
                      {.deadline = request.follow ? follow_deadline : look_deadline, .stop = stop});
  };
  base::TaskGroup followers(stop_);
  for (const auto& one : wanted) {
    if (request.follow) {
      followers.start([&read, one](const std::stop_token& stop) { read(one, stop); });
    } else {
      read(one, stop_);
    }
  }
  followers.join();
}

std::vector<std::pair<StackContainer, engine::ProcessTable>> Day::top(
    const std::vector<std::string>& services) {
  const Connection connection = connected(false);
  std::vector<std::pair<StackContainer, engine::ProcessTable>> tables;
  for (auto& one : find(*connection.engine, services, true)) {
    if (one.container.state == "running") {
      auto table = connection.engine->processes(one.container.name, call(look_deadline));
      for (auto& row : table.rows) {
        for (auto& field : row) {
          field = redactor_->redact(field);
        }
      }
      tables.emplace_back(std::move(one), std::move(table));
    }
  }
  return tables;
}

void Day::stats(const std::vector<std::string>& services, bool all, int rounds,
                const std::function<void(const std::vector<Usage>&)>& sink) {
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  std::map<std::string, engine::ContainerUse> before;
  for (int round = 0; rounds == 0 || round <= rounds; ++round) {
    std::vector<Usage> usages;
    for (auto& one : find(engine, services, true)) {
      if (all || one.container.state == "running") {
        usages.push_back({.of = std::move(one), .use = {}});
      }
    }
    base::TaskGroup looks(stop_);
    for (auto& usage : usages) {
      if (usage.of.container.state != "running") {
        continue;
      }
      looks.start([&engine, &usage](const std::stop_token& stop) {
        usage.use = engine.use_of(usage.of.container.name, {.deadline = look_deadline, .stop = stop});
      });
    }
    looks.join();
    for (auto& usage : usages) {
      const auto last = before.find(usage.of.container.name);
      usage.cpu_percent = last == before.end() ? 0 : cpu_share(last->second, usage.use);
      before[usage.of.container.name] = usage.use;
    }
    if (round > 0) {
      sink(usages);
    }
    if ((rounds == 0 || round < rounds) && !clock_.wait(between_looks, stop_)) {
      return;
    }
  }
}

void Day::events(const std::vector<std::string>& services,
                 const std::function<void(const engine::EngineEvent&)>& sink) {
  const Connection connection = connected(false);
  connection.engine->events(
      {{labels::compose_project, project_.name}}, [] {},
      [&](const engine::EngineEvent& event) {
        if (compose::is_meant(services, labels::value_of(event.attributes, labels::compose_service))) {
          sink(event);
        }
      },
      call(follow_deadline));
}

std::vector<engine::Volume> Day::volumes(const std::vector<std::string>& services) {
  const Connection connection = connected(false);
  auto all = connection.engine->list_volumes({{labels::compose_project, project_.name}}, call(look_deadline));
  for (auto& volume : all) {
    for (auto& label : volume.labels) {
      label.second = redactor_->redact(label.second);
    }
  }
  if (services.empty()) {
    return all;
  }
  std::set<std::string> used;
  for (const auto& one : find(*connection.engine, services, false)) {
    const auto inspected = connection.engine->find_container(one.container.id.hex, call(look_deadline));
    for (const auto& mount : inspected ? inspected->mounts : std::vector<engine::Mount>{}) {
      used.insert(mount.source);
    }
  }
  std::erase_if(all, [&](const engine::Volume& volume) { return !used.contains(volume.name); });
  return all;
}

std::vector<ListedProject> list_projects(const Surroundings& surroundings, bool all, EventBus& bus,
                                         const base::Clock& clock, const std::stop_token& stop) {
  const Connection connection =
      connect(surroundings, named_engine(surroundings, std::nullopt), false, bus, clock, stop);
  std::map<std::string, ListedProject> projects;
  for (const auto& container :
       connection.engine->list_containers({.labels = {{labels::compose_project, ""}}, .all = all},
                                          {.deadline = look_deadline, .stop = stop})) {
    const std::string name = labels::value_of(container.labels, labels::compose_project);
    ListedProject& project = projects[name];
    project.name = name;
    ++project.states[container.state];
    if (project.config_files.empty()) {
      project.config_files = labels::value_of(container.labels, labels::compose_config_files);
    }
  }
  std::vector<ListedProject> list;
  for (auto& [name, project] : projects) {
    list.push_back(std::move(project));
  }
  return list;
}

}  // namespace fresh::pipeline
