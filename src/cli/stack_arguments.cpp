#include "cli/command_values.h"
#include "cli/stack_draft.h"

#include <fmt/core.h>

namespace fresh::cli {

StackVerbs::StackVerbs() : draft_(std::make_unique<Draft>()) {}
StackVerbs::~StackVerbs() = default;

void StackVerbs::add_containers(Verbs& verbs) {
  Draft& d = *draft_;
  ContainerVerb& c = d.containers;
  const auto add = [&](const std::string& name, const std::string& text) {
    CLI::App* verb = verbs.add(name, text);
    if (verb != nullptr) {
      verb->add_option("services", c.services, "only these");
    }
    return verb;
  };
  const auto timeout = [&](CLI::App& verb) {
    verb.add_option("-t,--timeout", d.timeout, "seconds until a container is killed")
        ->check(whole_number(0, most));
  };
  add("start", "start containers that exist, behind their health gates");
  if (auto* restart = add("restart", "stop and start containers, in order, behind their health gates")) {
    timeout(*restart);
    restart->add_flag("--no-deps", d.no_dependencies, "not those that depend on them with 'restart: true'");
  }
  if (auto* stop = add("stop", "stop containers; they and their data stay")) {
    timeout(*stop);
  }
  if (auto* kill = add("kill", "send a signal, SIGKILL unless another is named")) {
    kill->add_option("-s,--signal", c.signal, "the signal: SIGTERM, HUP, 9");
    kill->add_flag("--remove-orphans", c.remove_orphans,
                   "remove containers of services that the files no longer have");
  }
  add("pause", "freeze the processes of containers");
  add("unpause", "let paused containers go on");
  if (auto* wait = add("wait", "wait until containers end, and tell their exit codes")) {
    wait->get_option("services")->required();
    wait->add_flag("--down-project", c.down_project, "then remove the stack, as 'down'");
  }
  if (auto* remove = add("rm", "remove containers that do not run")) {
    remove->add_flag("-f,--force", c.force, "do not ask");
    remove->add_flag("-s,--stop", c.stop_first, "stop them first");
    remove->add_flag("-v,--volumes", c.volumes, "remove their anonymous volumes, too");
  }
}

void StackVerbs::add(Verbs& verbs, CLI::App* run) {
  add_bring_up(verbs);
  add_containers(verbs);
  add_looks(verbs);
  add_talks(verbs);
  if (run != nullptr) {
    add_one_off(*run);
  }
  add_images(verbs);
}

bool StackVerbs::finish(const std::string& name, const std::vector<std::string>& command, Arguments& result) {
  Draft& d = *draft_;
  const auto grace = seconds(d.timeout);
  const auto& variables = result.surroundings.variables;
  d.format = checked_format(name, d.format, result.json);
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
  if (name == "up" || name == "create" || name == "scale" || name == "plan") {
    finish_up(name, result);
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
    finish_look(name);
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
