#include "cli/stack_draft.h"

namespace fresh::cli {

void StackVerbs::add_images(Verbs& verbs) {
  Draft& d = *draft_;
  ServiceImagesVerb& i = d.images;
  const auto add = [&](const std::string& name, const std::string& text) {
    CLI::App* verb = verbs.add(name, text);
    if (verb != nullptr) {
      verb->add_option("services", i.services, "only these");
      verb->add_flag("-q,--quiet", i.quiet, "print nothing");
    }
    return verb;
  };
  if (auto* build = add("build", "build the images of the services")) {
    build->add_flag("--no-cache", d.no_cache, "every step runs again");
    build->add_flag("--pull", i.build.pull, "look for newer base images");
    repeated(*build, "--build-arg", d.build_arguments, "NAME=value (repeatable)");
    build->add_flag("--with-dependencies", i.with_dependencies, "also of what they depend on");
    build->add_flag("--push", i.push, "push them afterwards");
  }
  if (auto* pull = add("pull", "pull the images of the services")) {
    pull->add_flag("--include-deps", i.with_dependencies, "also of what they depend on");
    pull->add_flag("--ignore-buildable", d.accepted,
                   "for habit: images that are built here are never pulled");
    pull->add_flag("--ignore-pull-failures", i.ignore_failures, "go on with the others");
    pull->add_option("--policy", i.policy, "missing or always (default: always)")
        ->check(one_of("--policy", {"missing", "always"}));
  }
  if (auto* push = add("push", "push the images that were built")) {
    push->add_flag("--include-deps", i.with_dependencies, "also of what they depend on");
    push->add_flag("--ignore-push-failures", i.ignore_failures, "go on with the others");
  }
}

}  // namespace fresh::cli
