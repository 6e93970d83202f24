#include "cli/verbs.h"

#include "base/error.h"
#include "cli/output.h"
#include "pipeline/compose_project.h"
#include "pipeline/kept_secrets.h"

#include <fmt/core.h>

namespace fresh::cli {
namespace {

template <typename... Functions>
struct Match : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Match(Functions...) -> Match<Functions...>;

int dispatch(const Arguments& arguments) {
  return std::visit(Match{[](const ShowText& verb) {
                            print(stdout, "{}", verb.text);
                            return base::number(base::ExitCode::pass);
                          },
                          [&](const RunVerb& verb) { return run(arguments, verb); },
                          [&](const UpVerb& verb) { return up(arguments, verb); },
                          [&](const DownVerb& verb) { return down(arguments, verb); },
                          [&](const StatusVerb&) { return status(arguments); },
                          [&](const ContainerVerb& verb) { return containers(arguments, verb); },
                          [&](const LookVerb& verb) { return look(arguments, verb); },
                          [&](const TalkVerb& verb) { return talk(arguments, verb); },
                          [&](const CopyVerb& verb) { return copy(arguments, verb); },
                          [&](const ServiceImagesVerb& verb) { return service_images(arguments, verb); },
                          [&](const LogsVerb& verb) { return logs(arguments, verb); },
                          [&](const PlanVerb& verb) { return plan(arguments, verb); },
                          [&](const ConfigVerb& config_verb) { return config(arguments, config_verb); },
                          [&](const ValidateVerb&) { return validate(arguments); },
                          [&](const ImagesVerb& verb) { return images(arguments, verb); },
                          [&](const EngineVerb& verb) { return engine(arguments, verb); }},
                    arguments.verb);
}

}  // namespace

int run_verb(Arguments arguments) {
  pipeline::read_input(arguments.surroundings.compose);
  try {
    return dispatch(arguments);
  } catch (const base::Error& error) {
    throw pipeline::without_secrets(error, arguments.surroundings);
  }
}

}  // namespace fresh::cli
