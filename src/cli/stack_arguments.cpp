#include "base/error.h"
#include "cli/command_values.h"
#include "cli/verb_options.h"

#include <fmt/core.h>

namespace fresh::cli {

using base::Error;
using base::ExitCode;

/// What the options write into, before it is known which verb was meant.
struct StackVerbs::Draft {
  pipeline::UpRequest up;
  bool force_recreate = false;
  bool no_recreate = false;
  bool no_start = false;
  bool no_dependencies = false;
  bool accepted = false;  ///< what is always so here, or has no meaning: taken for habit
  std::vector<std::string> scale;
  int timeout = -1;
  int wait_timeout = -1;
  pipeline::DownRequest down;
  ContainerVerb containers;
  LookVerb look;
  std::string format;
  std::vector<std::string> filters;
  int port = 0;
  LogsVerb logs;
  int tail = -1;
  bool no_prefix = false;
  std::string since;
  std::string until;
  TalkVerb talk;
  std::vector<std::string> environment;
  std::vector<std::string> labels;
  std::string entrypoint;
  CLI::Option* entrypoint_given = nullptr;
  CopyVerb copy;
  ServiceImagesVerb images;
  bool no_cache = false;
  std::vector<std::string> build_arguments;
};

namespace {

CLI::Option* repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                      const std::string& text) {
  return app.add_option(name, values, text)->take_all()->allow_extra_args(false);
}

std::optional<std::chrono::seconds> seconds(int value) {
  return value < 0 ? std::nullopt : std::optional(std::chrono::seconds(value));
}

}  // namespace

StackVerbs::StackVerbs() : draft_(std::make_unique<Draft>()) {}
StackVerbs::~StackVerbs() = default;

void StackVerbs::add_bring_up(CLI::App& app) {
  Draft& d = *draft_;
  const auto options = [&](CLI::App& verb, bool starts) {
    verb.add_option("services", d.up.services, "only these and what they depend on");
    repeated(verb, "--scale", d.scale, "SERVICE=N: this many containers of a service (repeatable)");
    verb.add_flag("--force-recreate", d.force_recreate, "make containers anew although nothing changed");
    verb.add_flag("--no-recreate", d.no_recreate,
                  "leave containers that exist, also where their declaration changed");
    verb.add_option("--pull", d.up.pull, "when to pull images: always, missing or never")
        ->check(CLI::IsMember({"always", "missing", "never"}));
    verb.add_flag("--build", d.up.build,
                  "build the images of services with 'build', also those that are there");
    verb.add_flag("--no-build", d.up.no_build, "build nothing; a missing image is an error");
    verb.add_flag("--remove-orphans", d.up.remove_orphans,
                  "remove containers of services that the files no longer have");
    if (!starts) {
      return;
    }
    repeated(verb, "--profile", d.up.profiles, "activate a profile (repeatable)");
    verb.add_flag("--no-deps", d.no_dependencies, "leave the services alone that the named ones depend on");
    verb.add_flag("--always-recreate-deps", d.up.recreate_dependencies, "make what they depend on anew, too");
    verb.add_flag("--no-start", d.no_start, "make the containers and leave them; as 'create'");
    verb.add_option("-t,--timeout", d.timeout, "seconds until a container that is to stop is killed")
        ->check(whole_number(0, most));
    verb.add_option("--wait-timeout", d.wait_timeout, "seconds that a service may take until it is healthy")
        ->check(whole_number(1, most));
    verb.add_flag("-d,--detach", d.accepted, "for habit: it always returns when everything is healthy");
    verb.add_flag("--wait", d.up.wait, "services without a check must also stay up for a moment");
  };
  options(*add_verb(app, "up", "bring the stack up behind its health gates; changes nothing when it is up"),
          true);
  options(*add_verb(app, "create", "make the stack's containers, start none"), false);
  options(*add_verb(app, "plan", "what `up` would do and why; cannot act"), true);
  CLI::App* down = add_verb(app, "down", "remove the stack: containers and networks, with -v also volumes");
  down->add_option("services", d.down.services, "only the containers of these services");
  down->add_flag("-v,--volumes", d.down.volumes, "remove the project's volumes too");
  down->add_option("--rmi", d.down.images,
                   "remove images too: local (built here, without a name of their own) or all")
      ->check(CLI::IsMember({"local", "all"}));
  down->add_option("-t,--timeout", d.timeout, "seconds until a container is killed")
      ->check(whole_number(0, most));
  down->add_flag("--remove-orphans", d.accepted, "for habit: whatever has the project's label goes");
  down->add_flag("--all", d.accepted, "for habit: services of every profile go");
}

void StackVerbs::add_containers(CLI::App& app) {
  Draft& d = *draft_;
  ContainerVerb& c = d.containers;
  const auto verb = [&](const std::string& name, const std::string& text) {
    CLI::App* sub = add_verb(app, name, text);
    sub->add_option("services", c.services, "only these");
    return sub;
  };
  const auto timeout = [&](CLI::App* sub) {
    sub->add_option("-t,--timeout", d.timeout, "seconds until a container is killed")
        ->check(whole_number(0, most));
  };
  verb("start", "start containers that exist, behind their health gates");
  CLI::App* restart = verb("restart", "stop and start containers, in order, behind their health gates");
  timeout(restart);
  restart->add_flag("--no-deps", d.no_dependencies, "not those that depend on them with 'restart: true'");
  timeout(verb("stop", "stop containers; they and their data stay"));
  CLI::App* kill = verb("kill", "send a signal, SIGKILL unless another is named");
  kill->add_option("-s,--signal", c.signal, "the signal: SIGTERM, HUP, 9");
  verb("pause", "freeze the processes of containers");
  verb("unpause", "let paused containers go on");
  CLI::App* wait = verb("wait", "wait until containers end, and tell their exit codes");
  wait->get_option("services")->required();
  CLI::App* remove = verb("rm", "remove containers that do not run");
  remove->add_flag("-f,--force", c.force, "do not ask");
  remove->add_flag("-s,--stop", c.stop_first, "stop them first");
  remove->add_flag("-v,--volumes", c.volumes, "remove their anonymous volumes, too");
}

void StackVerbs::add_looks(CLI::App& app) {
  Draft& d = *draft_;
  LookVerb& l = d.look;
  const auto services = [&](CLI::App* sub) { sub->add_option("services", l.services, "only these"); };
  const auto format = [&](CLI::App* sub) {
    sub->add_option("--format", d.format, "table or json")->check(CLI::IsMember({"table", "json"}));
  };
  add_verb(app, "status", "what runs, and whether it is healthy now");
  CLI::App* ps = add_verb(app, "ps", "the stack's containers");
  services(ps);
  ps->add_flag("-a,--all", l.all, "also those of one-off runs");
  ps->add_flag("-q,--quiet", l.quiet, "only the containers' ids");
  ps->add_flag("--services", l.names_only, "only the services' names");
  ps->add_option("--status", l.status, "only those in this state: running, exited, paused, created ...");
  format(ps);
  CLI::App* top = add_verb(app, "top", "the processes in the containers");
  services(top);
  CLI::App* stats = add_verb(app, "stats", "what the containers use: CPU, memory, network, disk");
  services(stats);
  stats->add_flag("--no-stream", l.once, "one look, not a new one each second");
  format(stats);
  services(add_verb(app, "events", "what happens to the containers, as it happens"));
  CLI::App* port = add_verb(app, "port", "where a port of a service is published");
  port->add_option("service", d.talk.choice.service, "the service")->required();
  port->add_option("port", d.port, "the port in the container")->required()->check(whole_number(1, 65535));
  port->add_option("--protocol", l.protocol, "tcp or udp")->check(CLI::IsMember({"tcp", "udp"}));
  port->add_option("--index", l.index, "which of several containers")->check(whole_number(1, most));
  CLI::App* ls = add_verb(app, "ls", "the projects that the engine holds");
  ls->add_flag("-a,--all", l.all, "also those of which nothing runs");
  ls->add_flag("-q,--quiet", l.quiet, "only their names");
  format(ls);
  CLI::App* volumes = add_verb(app, "volumes", "the project's volumes");
  services(volumes);
  volumes->add_flag("-q,--quiet", l.quiet, "only their names");
  format(volumes);
  CLI::App* logs = add_verb(app, "logs", "what the services wrote");
  logs->add_option("services", d.logs.services, "only these");
  logs->add_flag("-f,--follow", d.logs.request.follow, "go on until Ctrl-C");
  logs->add_option("-n,--tail", d.tail, "only the last N lines of each")->check(whole_number(0, most));
  logs->add_flag("-t,--timestamps", d.logs.request.timestamps, "with the time of each line");
  logs->add_option("--since", d.since, "not before: 10m, 2026-01-31T12:00:00Z, or seconds since 1970");
  logs->add_option("--until", d.until, "not after");
  logs->add_flag("--no-log-prefix", d.no_prefix, "without the name of the service");
  logs->add_flag("--no-color", d.accepted, "for habit: lines are not coloured");
}

void StackVerbs::add_talks(CLI::App& app, CLI::App& run) {
  Draft& d = *draft_;
  TalkVerb& t = d.talk;
  const auto index = [&](CLI::App* sub, int& value) {
    sub->add_option("--index", value, "which of several containers")->check(whole_number(1, most));
  };
  CLI::App* exec = add_verb(app, "exec", "run a command in a container that runs");
  exec->add_option("service", t.choice.service, "the service, then the command and its words")->required();
  exec->add_flag("-T,--no-TTY,--no-tty", t.no_terminal, "no terminal, also where there is one");
  repeated(*exec, "-e,--env", d.environment, "NAME=value for the command (repeatable)");
  exec->add_option("-u,--user", t.command.user, "the user, or user:group");
  exec->add_option("-w,--workdir", t.command.working_dir, "the folder to start in");
  exec->add_flag("--privileged", t.command.privileged, "with all rights of the engine's host");
  exec->add_flag("-d,--detach", t.detach, "do not wait for its end");
  exec->add_flag("-i,--interactive", d.accepted, "for habit: standard input is always passed on");
  index(exec, t.choice.index);
  CLI::App* attach = add_verb(app, "attach", "connect this terminal with a container");
  attach->add_option("service", t.choice.service, "the service")->required();
  attach->add_flag("--no-stdin", t.no_input, "only show what it writes");
  index(attach, t.choice.index);
  CLI::App* copy = add_verb(app, "cp", "copy between this machine and a container");
  copy->add_option("from", d.copy.from, "SERVICE:PATH, or a path here; - is a tar on standard input")
      ->required();
  copy->add_option("to", d.copy.to, "a path here, or SERVICE:PATH; - is a tar on standard output")
      ->required();
  copy->add_flag("-L,--follow-link", d.copy.follow_link, "copy what a link points to");
  copy->add_flag("-a,--archive", d.accepted, "for habit: modes are always kept");
  index(copy, d.copy.index);
  const std::string group = "One command of a service (run SERVICE [COMMAND...])";
  auto& o = t.one_off;
  std::vector<CLI::Option*> options{
      run.add_option("service", o.service, "run a command in a new container of this service, not the job"),
      run.add_flag("--rm", o.remove, "remove the container at its end"),
      run.add_flag("--no-deps", d.no_dependencies, "leave what the service depends on alone"),
      repeated(run, "-e,--env", d.environment, "NAME=value (repeatable)"),
      repeated(run, "-v,--volume", o.volumes, "SOURCE:/path[:ro] (repeatable)"),
      repeated(run, "-p,--publish", o.publish, "[ADDRESS:]HOST:CONTAINER[/udp] (repeatable)"),
      repeated(run, "-l,--label", d.labels, "NAME=value (repeatable)"),
      run.add_flag("-P,--service-ports", o.service_ports, "publish the ports of the service"),
      d.entrypoint_given = run.add_option("--entrypoint", d.entrypoint, "in place of the image's; one word"),
      run.add_option("--name", o.name, "the container's name"),
      run.add_option("-u,--user", o.user, "the user, or user:group"),
      run.add_option("-w,--workdir", o.working_dir, "the folder to start in"),
      run.add_flag("-T,--no-TTY,--no-tty", t.no_terminal, "no terminal, also where there is one"),
      run.add_flag("-d,--detach", o.detach, "do not wait for its end; print its name"),
      run.add_flag("-i,--interactive", d.accepted, "for habit: standard input is always passed on"),
      run.add_flag("--build", o.build, "build the service's image first"),
      repeated(run, "--profile", o.profiles, "activate a profile (repeatable)")};
  for (CLI::Option* option : options) {
    option->group(group);
  }
}

void StackVerbs::add_images(CLI::App& app) {
  Draft& d = *draft_;
  ServiceImagesVerb& i = d.images;
  const auto verb = [&](const std::string& name, const std::string& text) {
    CLI::App* sub = add_verb(app, name, text);
    sub->add_option("services", i.services, "only these");
    sub->add_flag("-q,--quiet", i.quiet, "print nothing");
    return sub;
  };
  CLI::App* build = verb("build", "build the images of the services");
  build->add_flag("--no-cache", d.no_cache, "every step runs again");
  build->add_flag("--pull", i.build.pull, "look for newer base images");
  repeated(*build, "--build-arg", d.build_arguments, "NAME=value (repeatable)");
  build->add_flag("--with-dependencies", i.with_dependencies, "also of what they depend on");
  CLI::App* pull = verb("pull", "pull the images of the services");
  pull->add_flag("--include-deps", i.with_dependencies, "also of what they depend on");
  pull->add_flag("--ignore-pull-failures", i.ignore_failures, "go on with the others");
  pull->add_option("--policy", i.policy, "missing or always (default: always)")
      ->check(CLI::IsMember({"missing", "always"}));
  CLI::App* push = verb("push", "push the images that were built");
  push->add_flag("--ignore-push-failures", i.ignore_failures, "go on with the others");
}

void StackVerbs::add(CLI::App& app, CLI::App& run) {
  add_bring_up(app);
  add_containers(app);
  add_looks(app);
  add_talks(app, run);
  add_images(app);
}

void StackVerbs::finish_logs() {
  Draft& d = *draft_;
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(base::SystemClock().wall().time_since_epoch()).count();
  d.logs.prefix = !d.no_prefix;
  if (d.tail >= 0) {
    d.logs.request.tail = d.tail;
  }
  if (!d.since.empty()) {
    d.logs.request.since = moment("--since", d.since, now);
  }
  if (!d.until.empty()) {
    d.logs.request.until = moment("--until", d.until, now);
  }
}

void StackVerbs::finish_talk(const std::string& name, const std::vector<std::string>& command,
                             const std::map<std::string, std::string>& variables) {
  Draft& d = *draft_;
  d.talk.action = name == "exec" ? TalkVerb::Action::exec
                                 : (name == "attach" ? TalkVerb::Action::attach : TalkVerb::Action::run);
  d.talk.command.command = command;
  d.talk.command.environment = assignments(d.environment, variables);
  d.talk.one_off.environment = d.talk.command.environment;
  d.talk.one_off.labels = assignments(d.labels, variables);
  d.talk.one_off.dependencies = !d.no_dependencies;
  if (!command.empty()) {
    d.talk.one_off.command = command;
  }
  if (d.entrypoint_given->count() > 0) {
    d.talk.one_off.entrypoint =
        d.entrypoint.empty() ? std::vector<std::string>{} : std::vector<std::string>{d.entrypoint};
  }
  if (name == "exec" && command.empty()) {
    throw Error(ExitCode::usage, "exec needs a command",
                "for instance: fresh-clone exec " + d.talk.choice.service + " sh");
  }
}

bool StackVerbs::finish(const std::string& name, const std::vector<std::string>& command, Arguments& result) {
  Draft& d = *draft_;
  const auto grace = seconds(d.timeout);
  const auto& variables = result.surroundings.variables;
  if (d.force_recreate && d.no_recreate) {
    throw Error(ExitCode::usage, "--force-recreate and --no-recreate contradict each other",
                "give one of the two");
  }
  d.up.recreate = d.force_recreate ? compose::Recreate::always
                                   : (d.no_recreate ? compose::Recreate::never : compose::Recreate::changed);
  d.up.dependencies = !d.no_dependencies;
  d.up.start = !d.no_start && name != "create";
  d.up.scale = scales(d.scale);
  d.up.grace = grace;
  d.up.wait_timeout = seconds(d.wait_timeout);
  result.json = result.json || d.format == "json";
  static const std::map<std::string, ContainerVerb::Action> container_actions{
      {"start", ContainerVerb::Action::start}, {"restart", ContainerVerb::Action::restart},
      {"stop", ContainerVerb::Action::stop},   {"kill", ContainerVerb::Action::kill},
      {"pause", ContainerVerb::Action::pause}, {"unpause", ContainerVerb::Action::unpause},
      {"wait", ContainerVerb::Action::wait},   {"rm", ContainerVerb::Action::remove}};
  static const std::map<std::string, LookVerb::Action> look_actions{
      {"ps", LookVerb::Action::ps},          {"top", LookVerb::Action::top},
      {"stats", LookVerb::Action::stats},    {"events", LookVerb::Action::events},
      {"port", LookVerb::Action::port},      {"ls", LookVerb::Action::ls},
      {"volumes", LookVerb::Action::volumes}};
  static const std::map<std::string, ServiceImagesVerb::Action> image_actions{
      {"build", ServiceImagesVerb::Action::build},
      {"pull", ServiceImagesVerb::Action::pull},
      {"push", ServiceImagesVerb::Action::push}};
  if (name == "up" || name == "create") {
    result.verb = UpVerb{d.up};
  } else if (name == "plan") {
    result.verb = PlanVerb{d.up};
  } else if (name == "down") {
    d.down.grace = grace;
    result.verb = DownVerb{d.down};
  } else if (name == "status") {
    result.verb = StatusVerb{};
  } else if (const auto action = container_actions.find(name); action != container_actions.end()) {
    d.containers.action = action->second;
    d.containers.dependencies = !d.no_dependencies;
    d.containers.grace = grace;
    result.verb = d.containers;
  } else if (const auto look = look_actions.find(name); look != look_actions.end()) {
    d.look.action = look->second;
    d.look.port = static_cast<std::uint16_t>(d.port);
    if (name == "port") {
      d.look.services = {d.talk.choice.service};
    }
    result.verb = d.look;
  } else if (const auto images = image_actions.find(name); images != image_actions.end()) {
    d.images.action = images->second;
    d.images.build.services = d.images.services;
    d.images.build.cache = !d.no_cache;
    d.images.build.with_dependencies = d.images.with_dependencies;
    d.images.build.arguments = assignments(d.build_arguments, variables);
    result.verb = d.images;
  } else if (name == "logs") {
    finish_logs();
    result.verb = d.logs;
  } else if (name == "cp") {
    result.verb = d.copy;
  } else if (name == "exec" || name == "attach" || (name == "run" && !d.talk.one_off.service.empty())) {
    finish_talk(name, command, variables);
    result.verb = d.talk;
  } else {
    return false;
  }
  return true;
}

}  // namespace fresh::cli
