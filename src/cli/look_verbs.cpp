#include "base/error.h"
#include "cli/day_session.h"
#include "cli/log_painter.h"
#include "cli/output.h"
#include "cli/rows.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "engine/labels.h"
#include "pipeline/service_state.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <unistd.h>

namespace fresh::cli {
namespace {

using nlohmann::json;
using pipeline::StackContainer;

constexpr const char* clear = "\x1b[H\x1b[J";
constexpr const char* where_to = "check where it is sent to";

/// The moment that ages are counted to.
std::chrono::sys_seconds now(const DaySession& open) {
  return std::chrono::floor<std::chrono::seconds>(open.session.clock().wall());
}

std::string state_of(const engine::Container& container) {
  return pipeline::shown_state(container.state, container.exit_code);
}

int ps(DaySession& open, const Arguments& arguments, const LookVerb& verb) {
  auto found = open.day.containers(verb.services, verb.all);
  std::erase_if(found, [&](const StackContainer& one) {
    return !verb.status.empty() &&
           std::find(verb.status.begin(), verb.status.end(), one.container.state) == verb.status.end();
  });
  if (!verb.orphans) {
    const auto stack = open.day.model();
    std::erase_if(found, [&](const StackContainer& one) {
      return !stack.services.contains(one.service) &&
             !std::binary_search(stack.inactive.begin(), stack.inactive.end(), one.service);
    });
  }
  if (arguments.json) {
    json list = json::array();
    for (const auto& one : found) {
      list.push_back({{"service", one.service},
                      {"container", one.container.name},
                      {"id", one.container.id.hex},
                      {"image", one.container.image},
                      {"state", state_of(one.container)},
                      {"ports", pipeline::shown_ports(one.container.ports)}});
    }
    print(stdout, "{}\n", json{{"services", list}}.dump(2));
    return 0;
  }
  if (verb.quiet || verb.names_only) {
    std::string last;
    for (const auto& one : found) {
      const std::string& line = verb.quiet ? one.container.id.hex : one.service;
      if (line != last) {
        print(stdout, "{}\n", line);
      }
      last = line;
    }
    return 0;
  }
  if (!verb.format.empty()) {
    std::vector<nlohmann::ordered_json> rows;
    for (const auto& one : found) {
      rows.push_back(row_of(one, open.day.project().name, verb.whole, now(open)));
    }
    print(stdout, "{}", RowTemplate(verb.format, columns_of("ps")).text_of(rows));
    return 0;
  }
  std::vector<std::vector<std::string>> rows{{"SERVICE", "CONTAINER", "IMAGE", "STATE", "PORTS"}};
  for (const auto& one : found) {
    rows.push_back({one.service, one.container.name, one.container.image, state_of(one.container),
                    pipeline::shown_ports(one.container.ports)});
  }
  print(stdout, "{}", table(rows));
  return 0;
}

int top(DaySession& open, const Arguments& arguments, const LookVerb& verb) {
  json list = json::array();
  for (const auto& [one, processes] : open.day.top(verb.services)) {
    if (arguments.json) {
      list.push_back({{"service", one.service},
                      {"container", one.container.name},
                      {"titles", processes.titles},
                      {"processes", processes.rows}});
      continue;
    }
    std::vector<std::vector<std::string>> rows{processes.titles};
    rows.insert(rows.end(), processes.rows.begin(), processes.rows.end());
    print(stdout, "{}\n{}\n", one.container.name, table(rows));
  }
  if (arguments.json) {
    print(stdout, "{}\n", json{{"containers", list}}.dump(2));
  }
  return 0;
}

std::string shown_size(std::int64_t bytes) {
  constexpr double step = 1024;
  static constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= step && unit + 1 < std::size(units); ++unit) {
    value /= step;
  }
  return unit == 0 ? fmt::format("{}B", bytes) : fmt::format("{:.1f}{}", value, units[unit]);
}

int stats(DaySession& open, const Arguments& arguments, const LookVerb& verb) {
  const bool again = !verb.once && !arguments.json;
  const bool redraw = again && ::isatty(STDOUT_FILENO) == 1;
  open.day.stats(verb.services, verb.all, again ? 0 : 1, [&](const std::vector<pipeline::Usage>& usages) {
    if (arguments.json) {
      json list = json::array();
      for (const auto& one : usages) {
        list.push_back({{"service", one.of.service},
                        {"container", one.of.container.name},
                        {"cpu_percent", one.cpu_percent},
                        {"memory", one.use.memory},
                        {"memory_limit", one.use.memory_limit},
                        {"network_in", one.use.network_in},
                        {"network_out", one.use.network_out},
                        {"block_in", one.use.block_in},
                        {"block_out", one.use.block_out},
                        {"processes", one.use.processes}});
      }
      print(stdout, "{}\n", json{{"containers", list}}.dump(2));
      return;
    }
    if (!verb.format.empty()) {
      std::vector<nlohmann::ordered_json> rows;
      for (const auto& one : usages) {
        rows.push_back(row_of(one, verb.whole));
      }
      print(stdout, "{}{}", redraw ? clear : "", RowTemplate(verb.format, columns_of("stats")).text_of(rows));
      require_output(where_to);
      return;
    }
    std::vector<std::vector<std::string>> rows{
        {"CONTAINER", "CPU %", "MEMORY", "LIMIT", "NETWORK IN", "OUT", "BLOCK IN", "OUT", "PROCESSES"}};
    for (const auto& one : usages) {
      rows.push_back(
          {one.of.container.name, fmt::format("{:.1f}", one.cpu_percent), shown_size(one.use.memory),
           shown_size(one.use.memory_limit), shown_size(one.use.network_in), shown_size(one.use.network_out),
           shown_size(one.use.block_in), shown_size(one.use.block_out), std::to_string(one.use.processes)});
    }
    print(stdout, "{}{}", redraw ? clear : "", table(rows));
    require_output(where_to);
  });
  return 0;
}

int events(DaySession& open, const Arguments& arguments, const LookVerb& verb) {
  open.day.events(verb.services, [&](const engine::EngineEvent& event) {
    const base::WallTime time{
        std::chrono::duration_cast<base::WallTime::duration>(std::chrono::nanoseconds(event.time_nano))};
    const std::string service = engine::labels::value_of(event.attributes, engine::labels::compose_service);
    const std::string name = engine::labels::value_of(event.attributes, "name");
    if (arguments.json) {
      print(stdout, "{}\n",
            json{{"time", base::rfc3339(time)},
                 {"type", event.type},
                 {"action", event.action},
                 {"id", event.id},
                 {"service", service},
                 {"name", name}}
                .dump());
    } else {
      print(stdout, "{} {} {} {}\n", base::rfc3339(time), event.type, event.action,
            name.empty() ? event.id : name);
    }
    require_output(where_to);
  });
  return 0;
}

int port(DaySession& open, const Arguments& arguments, const LookVerb& verb) {
  const auto one = open.day.container({.service = verb.services.front(), .index = verb.index});
  for (const auto& bound : one.container.ports) {
    if (bound.container_port == verb.port && bound.protocol == verb.protocol && bound.host_port) {
      const std::string address = bound.host_ip.empty() ? "0.0.0.0" : bound.host_ip;
      if (arguments.json) {
        print(stdout, "{}\n", json{{"address", address}, {"port", *bound.host_port}}.dump(2));
      } else {
        print(stdout, "{}:{}\n", address, *bound.host_port);
      }
      return 0;
    }
  }
  const std::string all = pipeline::shown_ports(one.container.ports);
  throw base::Error(
      base::ExitCode::precheck,
      fmt::format("port {}/{} of service '{}' is not published", verb.port, verb.protocol, one.service),
      all.empty() ? "it publishes none; add it to 'ports'" : "it publishes " + all);
}

int ls(const Arguments& arguments, const LookVerb& verb) {
  Session session(arguments);
  auto projects = pipeline::list_projects(arguments.surroundings, verb.all, session.bus(), session.clock(),
                                          session.stop());
  std::erase_if(projects, [&](const auto& one) { return one.name.find(verb.name) == std::string::npos; });
  json list = json::array();
  std::vector<nlohmann::ordered_json> shown;
  std::vector<std::vector<std::string>> rows{{"NAME", "STATUS", "CONFIG FILES"}};
  for (const auto& project : projects) {
    std::string status;
    for (const auto& [state, count] : project.states) {
      status += fmt::format("{}{}({})", status.empty() ? "" : ", ", state, count);
    }
    if (verb.quiet) {
      print(stdout, "{}\n", project.name);
    }
    list.push_back({{"name", project.name}, {"status", status}, {"config_files", project.config_files}});
    rows.push_back({project.name, status, project.config_files});
    shown.push_back(row_of(project, status));
  }
  if (arguments.json) {
    print(stdout, "{}\n", json{{"projects", list}}.dump(2));
  } else if (!verb.quiet && !verb.format.empty()) {
    print(stdout, "{}", RowTemplate(verb.format, columns_of("ls")).text_of(shown));
  } else if (!verb.quiet) {
    print(stdout, "{}", table(rows));
  }
  return 0;
}

int volumes(DaySession& open, const Arguments& arguments, const LookVerb& verb) {
  json list = json::array();
  std::vector<nlohmann::ordered_json> shown;
  std::vector<std::vector<std::string>> rows{{"DRIVER", "VOLUME"}};
  for (const auto& volume : open.day.volumes(verb.services)) {
    if (verb.quiet) {
      print(stdout, "{}\n", volume.name);
    }
    list.push_back({{"name", volume.name}, {"driver", volume.driver}});
    rows.push_back({volume.driver, volume.name});
    shown.push_back(row_of(volume));
  }
  if (arguments.json) {
    print(stdout, "{}\n", json{{"volumes", list}}.dump(2));
  } else if (!verb.quiet && !verb.format.empty()) {
    print(stdout, "{}", RowTemplate(verb.format, columns_of("volumes")).text_of(shown));
  } else if (!verb.quiet) {
    print(stdout, "{}", table(rows));
  }
  return 0;
}

}  // namespace

int look(const Arguments& arguments, const LookVerb& verb) {
  using Action = LookVerb::Action;
  if (verb.action == Action::ls) {
    return ls(arguments, verb);
  }
  DaySession open(arguments);
  switch (verb.action) {
    case Action::ps:
      return ps(open, arguments, verb);
    case Action::top:
      return top(open, arguments, verb);
    case Action::stats:
      return stats(open, arguments, verb);
    case Action::events:
      return events(open, arguments, verb);
    case Action::port:
      return port(open, arguments, verb);
    case Action::volumes:
      return volumes(open, arguments, verb);
    case Action::ls:
      break;
  }
  return 0;
}

int logs(const Arguments& arguments, const LogsVerb& verb) {
  DaySession open(arguments);
  LogPainter painter(log_style(verb.prefix, verb.colour, arguments.surroundings.variables));
  open.day.logs(verb.services, verb.index, verb.request, [&](const pipeline::OutputLine& line) {
    print(stdout, "{}\n", painter.paint(line));
    require_output(where_to);
  });
  return base::number(base::ExitCode::pass);
}

}  // namespace fresh::cli
