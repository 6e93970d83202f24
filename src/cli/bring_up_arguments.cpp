#include "base/error.h"
#include "cli/command_values.h"
#include "cli/stack_draft.h"

#include <fmt/core.h>

namespace fresh::cli {

using base::Error;
using base::ExitCode;

namespace {

[[noreturn]] void contradict(const char* one, const char* other) {
  throw Error(ExitCode::usage, fmt::format("{} and {} contradict each other", one, other),
              "give one of the two");
}

}  // namespace

void StackVerbs::add_attach(CLI::App& up) {
  Draft& d = *draft_;
  auto& a = d.attach;
  const std::vector<CLI::Option*> options{
      up.add_flag("--abort-on-container-exit", a.abort_on_exit,
                  "stop all when one ends; its exit code is the command's"),
      up.add_option("--exit-code-from", a.exit_code_from,
                    "as --abort-on-container-exit, with the exit code of this service"),
      repeated(up, "--attach", a.only, "show this service (repeatable)"),
      up.add_flag("--attach-dependencies", a.dependencies, "show also what the services depend on"),
      repeated(up, "--no-attach", a.without, "show the others, not this service (repeatable)"),
      up.add_flag("--timestamps", a.timestamps, "with the time of each line"),
      up.add_flag("--no-log-prefix", d.no_prefix, "without the name of the service"),
      up.add_flag("--no-color", d.no_colour, "without colours")};
  for (CLI::Option* option : options) {
    option->group("Stay, show what the containers write, and stop them on Ctrl-C");
  }
  up.add_flag("--dry-run", d.dry_run, "say what would be done, do nothing; as 'plan'");
}

void StackVerbs::finish_up(const std::string& name, Arguments& result) {
  Draft& d = *draft_;
  if (d.force_recreate && d.no_recreate) {
    contradict("--force-recreate", "--no-recreate");
  }
  if (d.up.recreate_dependencies && d.no_recreate) {
    contradict("--always-recreate-deps", "--no-recreate");
  }
  if (d.up.build && d.up.no_build) {
    contradict("--build", "--no-build");
  }
  d.up.recreate = d.force_recreate ? compose::Recreate::always
                                   : (d.no_recreate ? compose::Recreate::never : compose::Recreate::changed);
  d.up.dependencies = !d.no_dependencies;
  d.up.start = !d.no_start && name != "create";
  d.up.scale = scales(d.scale, name == "scale" ? "" : "--scale ");
  if (name == "scale") {
    for (const auto& [service, count] : d.up.scale) {
      d.up.services.push_back(service);
    }
  }
  d.up.grace = seconds(d.timeout);
  d.up.wait_timeout = seconds(d.wait_timeout);
  if (name == "plan" || d.dry_run) {
    result.verb = PlanVerb{d.up};
    return;
  }
  UpVerb verb{.request = d.up, .attach = {}, .prefix = !d.no_prefix, .colour = !d.no_colour};
  const auto& a = d.attach;
  const char* why = !a.exit_code_from.empty() ? "--exit-code-from"
                    : a.abort_on_exit         ? "--abort-on-container-exit"
                    : !a.only.empty()         ? "--attach"
                    : a.dependencies          ? "--attach-dependencies"
                    : !a.without.empty()      ? "--no-attach"
                                              : nullptr;
  const bool returns = d.detach || d.up.wait || !d.up.start;
  if (why != nullptr && returns) {
    contradict(why, d.detach ? "--detach" : d.up.wait ? "--wait" : "--no-start");
  }
  if (!a.only.empty() && a.dependencies) {
    contradict("--attach", "--attach-dependencies");
  }
  if (why != nullptr || (!returns && (a.timestamps || d.no_prefix))) {
    if (result.json) {
      throw Error(ExitCode::usage, "--json is one result, and an `up` that stays has none",
                  "leave --json out, or bring the stack up and read 'fresh-clone logs'");
    }
    verb.attach = a;
  }
  result.verb = verb;
}

void StackVerbs::add_bring_up(Verbs& verbs) {
  Draft& d = *draft_;
  const auto options = [&](CLI::App& verb, bool starts) {
    verb.add_option("services", d.up.services, "only these and what they depend on");
    repeated(verb, "--scale", d.scale, "SERVICE=N: this many containers of a service (repeatable)");
    verb.add_flag("--force-recreate", d.force_recreate, "make containers anew although nothing changed");
    verb.add_flag("--no-recreate", d.no_recreate,
                  "leave containers that exist, also where their declaration changed");
    if (starts) {
      verb.add_option("--pull", d.up.pull, "when to pull images: always, missing or never")
          ->check(one_of("--pull", {"always", "missing", "never"}));
    } else {
      verb.add_option("--pull", d.up.pull, "when to pull images: always, missing, never; or build")
          ->check(one_of("--pull", {"always", "missing", "never", "build"}));
    }
    verb.add_flag("--build", d.up.build,
                  "build the images of services with 'build', also those that are there");
    verb.add_flag("--quiet-pull", d.accepted, "for habit: a pull is one line");
    verb.add_flag("--no-build", d.up.no_build, "build nothing; a missing image is an error");
    verb.add_flag("--remove-orphans", d.up.remove_orphans,
                  "remove containers of services that the files no longer have");
    if (!starts) {
      return;
    }
    repeated(verb, "--profile", d.up.profiles, "activate a profile (repeatable)");
    verb.add_flag("--no-deps", d.no_dependencies, "leave the services alone that the named ones depend on");
    verb.add_flag("--always-recreate-deps", d.up.recreate_dependencies, "make what they depend on anew, too");
    verb.add_flag("-V,--renew-anon-volumes", d.up.renew_volumes,
                  "containers that are made anew get new anonymous volumes, not those of the old ones");
    verb.add_flag("--no-start", d.no_start, "make the containers and leave them; as 'create'");
    verb.add_option("-t,--timeout", d.timeout, "seconds until a container that is to stop is killed")
        ->check(whole_number(0, most));
    verb.add_option("--wait-timeout", d.wait_timeout, "seconds that a service may take until it is healthy")
        ->check(whole_number(1, most));
    verb.add_flag("-d,--detach", d.detach,
                  "what it does without a flag: it returns when everything is healthy");
    verb.add_flag("--wait", d.up.wait, "services without a check must also stay up for a moment");
  };
  if (auto* up =
          verbs.add("up", "bring the stack up behind its health gates; changes nothing when it is up")) {
    options(*up, true);
    add_attach(*up);
  }
  if (auto* create = verbs.add("create", "make the stack's containers, start none")) {
    options(*create, false);
  }
  if (auto* scale = verbs.add("scale", "this many containers of a service: starts or removes some")) {
    scale->add_option("services", d.scale, "SERVICE=N, one or several")->required();
    scale->add_flag("--no-deps", d.no_dependencies, "leave the services alone that the named ones depend on");
  }
  if (auto* plan = verbs.add("plan", "what `up` would do and why; cannot act")) {
    options(*plan, true);
  }
  if (auto* down = verbs.add("down", "remove the stack: containers and networks, with -v also volumes")) {
    down->add_option("services", d.down.services, "only the containers of these services");
    down->add_flag("-v,--volumes", d.down.volumes, "remove the project's volumes too");
    down->add_option("--rmi", d.down.images,
                     "remove images too: local (built here, without a name of their own) or all")
        ->check(one_of("--rmi", {"local", "all"}));
    down->add_option("-t,--timeout", d.timeout, "seconds until a container is killed")
        ->check(whole_number(0, most));
    down->add_flag("--remove-orphans", d.accepted, "for habit: whatever has the project's label goes");
    down->add_flag("--all", d.accepted, "for habit: services of every profile go");
  }
}

}  // namespace fresh::cli
