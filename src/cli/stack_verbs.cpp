#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/session.h"
#include "cli/output.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "pipeline/day.h"

namespace fresh::cli {
namespace {

using nlohmann::json;

int number(bool ok) { return base::number(ok ? base::ExitCode::pass : base::ExitCode::contract); }

/// Whether the services, or those that were named, are all as they should be.
bool all_ok(const std::vector<pipeline::ServiceState>& services, const std::vector<std::string>& named) {
  return std::all_of(services.begin(), services.end(), [&](const auto& one) {
    return one.ok || (!named.empty() && std::find(named.begin(), named.end(), one.service) == named.end());
  });
}

void print_services(const std::vector<pipeline::ServiceState>& services, bool as_json, bool with_health) {
  if (as_json) {
    json list = json::array();
    for (const auto& one : services) {
      json item{{"service", one.service}, {"container", one.container}, {"state", one.state}, {"ports", one.ports}};
      if (with_health) {
        item["health"] = one.health;
      }
      list.push_back(std::move(item));
    }
    print(stdout, "{}\n", json{{"services", list}}.dump(2));
    return;
  }
  std::vector<std::vector<std::string>> rows{{"SERVICE", "CONTAINER", "STATE", "PORTS"}};
  if (with_health) {
    rows[0].insert(rows[0].begin() + 3, "HEALTH");
  }
  for (const auto& one : services) {
    std::vector<std::string> row{one.service, one.container, one.state, one.ports};
    if (with_health) {
      row.insert(row.begin() + 3, one.health);
    }
    rows.push_back(std::move(row));
  }
  print(stdout, "{}", table(rows));
}

pipeline::Day day_of(const Arguments& arguments, Session& session) {
  return {arguments.surroundings, session.bus(), session.clock(), session.stop()};
}

}  // namespace

int up(const Arguments& arguments, const UpVerb& verb) {
  Session session(arguments);
  const auto services = day_of(arguments, session).up(verb.services, verb.profiles);
  print_services(services, arguments.json, true);
  return number(all_ok(services, verb.services));
}

int down(const Arguments& arguments, const DownVerb& verb) {
  Session session(arguments);
  const auto result = day_of(arguments, session).down(verb.volumes);
  if (arguments.json) {
    print(stdout, "{}\n", json{{"removed", result.removed}, {"remaining", result.remaining}}.dump(2));
  } else {
    print(stdout, "{} removed, {} still there\n", result.removed.size(), result.remaining.size());
  }
  return base::number(result.remaining.empty() ? base::ExitCode::pass : base::ExitCode::deploy);
}

int status(const Arguments& arguments, const StatusVerb& verb) {
  Session session(arguments);
  const auto services = day_of(arguments, session).status(verb.health);
  print_services(services, arguments.json, verb.health);
  return number(!verb.health || all_ok(services, {}));
}

int logs(const Arguments& arguments, const LogsVerb& verb) {
  Session session(arguments);
  day_of(arguments, session)
      .logs(verb.services, {.follow = verb.follow, .tail = verb.tail, .timestamps = verb.timestamps},
            [](const std::string& line) {
              print(stdout, "{}\n", line);
            });
  return base::number(base::ExitCode::pass);
}

int plan(const Arguments& arguments) {
  Session session(arguments);
  print(stdout, "{}", day_of(arguments, session).plan(arguments.json));
  return base::number(base::ExitCode::pass);
}

int config(const Arguments& arguments) {
  Session session(arguments);
  print(stdout, "{}", day_of(arguments, session).config());
  return base::number(base::ExitCode::pass);
}

int validate(const Arguments& arguments) {
  Session session(arguments);
  const auto found = day_of(arguments, session).validate();
  if (arguments.json) {
    print(stdout, "{}\n", json{{"valid", true}, {"warnings", found.warnings}}.dump(2));
  } else {
    for (const auto& warning : found.warnings) {
      print(stderr, "warning: {}\n", warning);
    }
    print(stdout, "fresh-clone.yaml is valid: {} images, {} services, {} contracts\n", found.images, found.services, found.contracts);
  }
  return base::number(base::ExitCode::pass);
}

}  // namespace fresh::cli
