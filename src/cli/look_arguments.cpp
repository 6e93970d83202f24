#include "base/error.h"
#include "cli/command_values.h"
#include "cli/stack_draft.h"

#include <fmt/core.h>

namespace fresh::cli {
namespace {

/// The engines' words for what a container can be; docker compose takes these.
const std::vector<std::string>& container_states() {
  static const std::vector<std::string> states{"created",  "running", "paused", "restarting",
                                               "removing", "exited",  "dead"};
  return states;
}

}  // namespace

void StackVerbs::add_looks(Verbs& verbs) {
  Draft& d = *draft_;
  LookVerb& l = d.look;
  const auto services = [&](CLI::App* sub) { sub->add_option("services", l.services, "only these"); };
  const auto format = [&](CLI::App* sub) {
    sub->add_option("--format", d.format,
                    "table, json, 'table TEMPLATE' or a template: '{{.Name}} {{.State}}'");
  };
  verbs.add("status", "what runs, and whether it is healthy now");
  if (auto* ps = verbs.add("ps", "the stack's containers")) {
    services(ps);
    ps->add_flag("-a,--all", l.all, "also those of one-off runs");
    ps->add_flag("-q,--quiet", l.quiet, "only the containers' ids");
    ps->add_flag("--services", l.names_only, "only the services' names");
    repeated(*ps, "--status", l.status,
             "only those in this state: running, exited, paused, created ... (repeatable)")
        ->check(one_of("--status", container_states()));
    repeated(*ps, "--filter", d.filters, "status=STATE, as --status (repeatable)");
    ps->add_flag("--orphans", l.orphans, "also those of services that the files do not have (default: true)");
    ps->add_flag("--no-trunc", l.whole, "templates show whole ids and commands; tables always do");
    format(ps);
  }
  if (auto* top = verbs.add("top", "the processes in the containers")) {
    services(top);
  }
  if (auto* stats = verbs.add("stats", "what the containers use: CPU, memory, network, disk")) {
    services(stats);
    stats->add_flag("-a,--all", l.all, "also containers that do not run");
    stats->add_flag("--no-stream", l.once, "one look, not a new one each second");
    stats->add_flag("--no-trunc", l.whole, "templates show whole ids; tables always show names");
    format(stats);
  }
  if (auto* events = verbs.add("events", "what happens to the containers, as it happens")) {
    services(events);
  }
  if (auto* port = verbs.add("port", "where a port of a service is published")) {
    port->add_option("service", d.talk.choice.service, "the service")->required();
    port->add_option("port", d.port, "the port in the container")->required()->check(whole_number(1, 65535));
    port->add_option("--protocol", l.protocol, "tcp or udp")->check(one_of("--protocol", {"tcp", "udp"}));
    port->add_option("--index", l.index, "which of several containers")->check(whole_number(1, most));
  }
  if (auto* ls = verbs.add("ls", "the projects that the engine holds")) {
    ls->add_flag("-a,--all", l.all, "also those of which nothing runs");
    ls->add_flag("-q,--quiet", l.quiet, "only their names");
    repeated(*ls, "--filter", d.filters, "name=TEXT: only those with TEXT in their name");
    format(ls);
  }
  if (auto* volumes = verbs.add("volumes", "the project's volumes")) {
    services(volumes);
    volumes->add_flag("-q,--quiet", l.quiet, "only their names");
    format(volumes);
  }
  if (auto* logs = verbs.add("logs", "what the services wrote")) {
    logs->add_option("services", d.logs.services, "only these");
    logs->add_flag("-f,--follow", d.logs.request.follow, "go on until Ctrl-C");
    const auto lines = whole_number(0, most);
    logs->add_option("-n,--tail", d.tail, "only the last N lines of each, or all")
        ->check([lines](const std::string& text) { return text == "all" ? std::string() : lines(text); }, "N",
                "tail");
    logs->add_flag("-t,--timestamps", d.logs.request.timestamps, "with the time of each line");
    logs->add_option("--since", d.since, "not before: 10m, 2026-01-31T12:00:00Z, or seconds since 1970");
    logs->add_option("--until", d.until, "not after");
    logs->add_flag("--no-log-prefix", d.no_prefix, "without the name of the service");
    logs->add_flag("--no-color", d.no_colour, "without colours");
    logs->add_option("--index", d.logs.index, "only this one of several containers")
        ->check(whole_number(1, most));
  }
}

void StackVerbs::finish_look(const std::string& name) {
  Draft& d = *draft_;
  const std::string key = name == "ls" ? "name" : "status";
  for (const auto& filter : d.filters) {
    const auto equals = filter.find('=');
    check_word("--filter", filter.substr(0, equals), {key});
    if (equals == std::string::npos) {
      throw base::Error(base::ExitCode::usage, fmt::format("--filter: '{}' has no value", filter),
                        fmt::format("write it as --filter {}=...", key));
    }
    const std::string value = filter.substr(equals + 1);
    if (name == "ls") {
      d.look.name = value;
    } else {
      check_word("--filter status", value, container_states());
      d.look.status.push_back(value);
    }
  }
  d.look.format = d.format;
  d.look.port = static_cast<std::uint16_t>(d.port);
  if (name == "port") {
    d.look.services = {d.talk.choice.service};
  }
}

void StackVerbs::finish_logs() {
  Draft& d = *draft_;
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(base::SystemClock().wall().time_since_epoch()).count();
  d.logs.prefix = !d.no_prefix;
  d.logs.colour = !d.no_colour;
  if (!d.tail.empty() && d.tail != "all") {
    d.logs.request.tail = std::stoi(d.tail);
  }
  if (!d.since.empty()) {
    d.logs.request.since = moment("--since", d.since, now);
  }
  if (!d.until.empty()) {
    d.logs.request.until = moment("--until", d.until, now);
  }
}

}  // namespace fresh::cli
