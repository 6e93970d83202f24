#include "base/error.h"
#include "cli/command_values.h"
#include "cli/stack_draft.h"

#include <fmt/core.h>

namespace fresh::cli {

using base::Error;
using base::ExitCode;

void StackVerbs::add_talks(Verbs& verbs) {
  Draft& d = *draft_;
  TalkVerb& t = d.talk;
  const auto index = [&](CLI::App* sub, int& value) {
    sub->add_option("--index", value, "which of several containers")->check(whole_number(1, most));
  };
  if (auto* exec = verbs.add("exec", "run a command in a container that runs")) {
    exec->add_option("service", t.choice.service, "the service, then the command and its words")->required();
    exec->add_flag("-T,--no-TTY,--no-tty", t.no_terminal, "no terminal, also where there is one");
    repeated(*exec, "-e,--env", d.environment, "NAME=value for the command (repeatable)");
    exec->add_option("-u,--user", t.command.user, "the user, or user:group");
    exec->add_option("-w,--workdir", t.command.working_dir, "the folder to start in");
    exec->add_flag("--privileged", t.command.privileged, "with all rights of the engine's host");
    exec->add_flag("-d,--detach", t.detach, "do not wait for its end");
    exec->add_flag("-i,--interactive", d.accepted, "for habit: standard input is always passed on");
    index(exec, t.choice.index);
  }
  if (auto* attach = verbs.add("attach", "connect this terminal with a container")) {
    attach->add_option("service", t.choice.service, "the service")->required();
    attach->add_flag("--no-stdin", t.no_input, "only show what it writes");
    index(attach, t.choice.index);
  }
  if (auto* copy = verbs.add("cp", "copy between this machine and a container")) {
    copy->add_option("from", d.copy.from, "SERVICE:PATH, or a path here; - is a tar on standard input")
        ->required();
    copy->add_option("to", d.copy.to, "a path here, or SERVICE:PATH; - is a tar on standard output")
        ->required();
    copy->add_flag("-L,--follow-link", d.copy.follow_link, "copy what a link points to");
    copy->add_flag("-a,--archive", d.accepted, "for habit: modes are always kept");
    index(copy, d.copy.index);
  }
}

void StackVerbs::add_one_off(CLI::App& run) {
  Draft& d = *draft_;
  TalkVerb& t = d.talk;
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
      repeated(run, "--cap-add", o.cap_add, "a capability more (repeatable)"),
      repeated(run, "--cap-drop", o.cap_drop, "a capability less (repeatable)"),
      run.add_flag("--use-aliases", o.use_aliases, "others find it under the service's names"),
      run.add_flag("--remove-orphans", o.remove_orphans,
                   "remove containers of services that the files no longer have"),
      run.add_flag("--quiet-pull", d.accepted, "for habit: a pull is one line"),
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
  if (d.entrypoint_given != nullptr && d.entrypoint_given->count() > 0) {
    d.talk.one_off.entrypoint =
        d.entrypoint.empty() ? std::vector<std::string>{} : std::vector<std::string>{d.entrypoint};
  }
  if (name == "exec" && command.empty()) {
    throw Error(ExitCode::usage, "exec needs a command",
                "for instance: fresh-clone exec " + d.talk.choice.service + " sh");
  }
}

}  // namespace fresh::cli
