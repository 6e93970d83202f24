#include "base/error.h"
#include "base/file.h"
#include "cli/day_session.h"
#include "cli/log_painter.h"
#include "cli/output.h"
#include "cli/table.h"
#include "cli/verbs.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <unistd.h>

namespace fresh::cli {
namespace {

using nlohmann::json;

int number(bool ok) {
  return base::number(ok ? base::ExitCode::pass : base::ExitCode::contract);
}

/// Whether the services, or those that were named, are all as they should be.
bool all_ok(const std::vector<pipeline::ServiceState>& services, const std::vector<std::string>& named) {
  return std::all_of(services.begin(), services.end(), [&](const auto& one) {
    return one.ok || (!named.empty() && std::find(named.begin(), named.end(), one.service) == named.end());
  });
}

void print_services(const std::vector<pipeline::ServiceState>& services, bool as_json) {
  if (as_json) {
    json list = json::array();
    for (const auto& one : services) {
      list.push_back({{"service", one.service},
                      {"container", one.container},
                      {"state", one.state},
                      {"health", one.health},
                      {"ports", one.ports}});
    }
    print(stdout, "{}\n", json{{"services", list}}.dump(2));
    return;
  }
  std::vector<std::vector<std::string>> rows{{"SERVICE", "CONTAINER", "STATE", "HEALTH", "PORTS"}};
  for (const auto& one : services) {
    rows.push_back({one.service, one.container, one.state, one.health, one.ports});
  }
  print(stdout, "{}", table(rows));
}

/// Asks on the terminal; without one the answer must have been given by --force.
bool may_remove(const std::vector<pipeline::StackContainer>& containers) {
  std::string names;
  for (const auto& one : containers) {
    names += (names.empty() ? "" : ", ") + one.container.name;
  }
  if (::isatty(STDIN_FILENO) != 1) {
    throw base::Error(base::ExitCode::usage, fmt::format("rm would remove {} and cannot ask", names),
                      "say --force");
  }
  print(stderr, "remove {}? [y/N] ", names);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

int wait_for(DaySession& open, const Arguments& arguments, const ContainerVerb& verb) {
  json list = json::array();
  int code = 0;
  open.day.wait(verb.services, [&](const pipeline::Ended& ended) {
    code = code == 0 ? ended.exit_code : code;
    if (arguments.json) {
      list.push_back(
          {{"service", ended.service}, {"container", ended.container}, {"exit_code", ended.exit_code}});
    } else {
      print(stdout, "{}: {}\n", ended.container, ended.shown);
    }
  });
  json result{{"containers", list}};
  if (verb.down_project) {
    const auto removal = open.day.down({});
    result["removed"] = removal.removed;
    result["remaining"] = removal.remaining;
    code = code == 0 && !removal.remaining.empty() ? base::number(base::ExitCode::deploy) : code;
  }
  if (arguments.json) {
    print(stdout, "{}\n", result.dump(2));
  }
  return code;
}

void remove_containers(DaySession& open, const ContainerVerb& verb) {
  const auto containers = open.day.removable(verb.services, verb.stop_first);
  if (!containers.empty() && (verb.force || may_remove(containers))) {
    open.day.remove(containers, verb.volumes);
  }
}

}  // namespace

int up(const Arguments& arguments, const UpVerb& verb) {
  DaySession open(arguments);
  if (verb.attach) {
    LogPainter painter(log_style(verb.prefix, verb.colour, arguments.surroundings.variables));
    return open.day.up_attached(
        verb.request, *verb.attach,
        [&](const pipeline::OutputLine& line) { print(stdout, "{}\n", painter.paint(line)); },
        open.session.hurry());
  }
  const auto services = open.day.up(verb.request);
  print_services(services, arguments.json);
  return number(!verb.request.start || all_ok(services, verb.request.services));
}

int down(const Arguments& arguments, const DownVerb& verb) {
  DaySession open(arguments);
  const auto result = open.day.down(verb.request);
  if (arguments.json) {
    print(stdout, "{}\n", json{{"removed", result.removed}, {"remaining", result.remaining}}.dump(2));
  } else {
    print(stdout, "{} removed, {} still there\n", result.removed.size(), result.remaining.size());
  }
  return base::number(result.remaining.empty() ? base::ExitCode::pass : base::ExitCode::deploy);
}

int status(const Arguments& arguments) {
  DaySession open(arguments);
  const auto services = open.day.status(true);
  print_services(services, arguments.json);
  return number(all_ok(services, {}));
}

int containers(const Arguments& arguments, const ContainerVerb& verb) {
  DaySession open(arguments);
  using Action = ContainerVerb::Action;
  switch (verb.action) {
    case Action::start:
    case Action::restart:
      open.day.start(verb.services, verb.action == Action::restart, verb.dependencies, verb.grace);
      break;
    case Action::stop:
      open.day.stop(verb.services, verb.grace);
      break;
    case Action::kill:
      open.day.kill(verb.services, verb.signal, verb.remove_orphans);
      break;
    case Action::pause:
    case Action::unpause:
      open.day.pause(verb.services, verb.action == Action::pause);
      break;
    case Action::wait:
      return wait_for(open, arguments, verb);
    case Action::remove:
      remove_containers(open, verb);
      break;
  }
  return base::number(base::ExitCode::pass);
}

int plan(const Arguments& arguments, const PlanVerb& verb) {
  DaySession open(arguments);
  print(stdout, "{}", open.day.plan(verb.request, arguments.json));
  return base::number(base::ExitCode::pass);
}

int config(const Arguments& arguments, const ConfigVerb& verb) {
  DaySession open(arguments);
  const auto config = open.day.config(verb.request);
  for (const auto& warning : config.warnings) {
    print(stderr, "warning: {}\n", warning);
  }
  if (!verb.output.empty()) {
    base::write_file_atomic(verb.output, config.text);
  } else if (!verb.quiet) {
    print(stdout, "{}", config.text);
  }
  return base::number(base::ExitCode::pass);
}

int validate(const Arguments& arguments) {
  DaySession open(arguments);
  const auto found = open.day.validate();
  if (arguments.json) {
    print(stdout, "{}\n", json{{"valid", true}, {"warnings", found.warnings}}.dump(2));
  } else {
    for (const auto& warning : found.warnings) {
      print(stderr, "warning: {}\n", warning);
    }
    print(stdout, "{} valid: {} images, {} services, {} contracts\n",
          open.day.project().declared ? "fresh-clone.yaml is" : "the compose files are", found.images,
          found.services, found.contracts);
  }
  return base::number(base::ExitCode::pass);
}

}  // namespace fresh::cli
