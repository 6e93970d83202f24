#include "base/lines.h"
#include "base/sha256.h"
#include "base/step_scope.h"
#include "compose/one_shot.h"
#include "pipeline/context.h"
#include "pipeline/seed_assertions.h"

#include <fmt/format.h>

namespace fresh::pipeline {
namespace {

constexpr std::size_t longest_words = 300;

std::string shown(const std::vector<Violation>& violations) {
  std::string text;
  for (std::size_t i = 0; i < violations.size() && i < 5; ++i) {
    const auto& one = violations[i];
    text += fmt::format("{}{}: expected {}, found {}", text.empty() ? "" : "; ", one.subject, one.expected,
                        one.found);
  }
  return violations.size() > 5 ? fmt::format("{}; and {} more", text, violations.size() - 5) : text;
}

}  // namespace

GateVerdict seed(Context& context) {
  if (!context.project.seed) {
    return GateVerdict::skipped("the project declares no seed job");
  }
  const SeedSpec& spec = *context.project.seed;
  const base::Doing doing("running the seed job '{}'", spec.service);
  base::StepScope job(context.sink, context.clock, "service:" + spec.service,
                      fmt::format("seed {}", context.settings.seed));
  const auto result =
      compose::run_one_shot(context.seed_stack, spec.service, context.variables, *context.engine,
                            {.clock = context.clock,
                             .suffix = context.run_id,
                             .timeout = spec.timeout,
                             .sink = context.sink,
                             .stop = context.stop});
  if (!result.succeeded()) {
    const auto last_words =
        base::last_line(result.err.empty() ? result.out : result.err).substr(0, longest_words);
    return GateVerdict::failed(base::ExitCode::contract,
                               fmt::format("the seed job '{}' ended with {}{}{}{}", spec.service,
                                           result.exit_code, result.out_of_memory ? " (out of memory)" : "",
                                           last_words.empty() ? "" : ": ", last_words),
                               fmt::format("read logs/service-{}.log of this run", spec.service));
  }
  job.finish("ok");
  const SeedReport report = parse_seed_report(result.out);
  for (const auto& [path, value] : report) {
    context.outcome.results["seed/" + path] = base::sha256_hex(value);
    context.outcome.texts["seed/" + path] = value;
  }
  if (spec.assertions.empty()) {
    return GateVerdict::passed(
        fmt::format("seed {}: {} facts reported, none asserted", context.settings.seed, report.size()));
  }
  const std::string name = spec.assertions.lexically_relative(context.project.folder).string();
  const auto assertions = load_seed_assertions(spec.assertions, name);
  const auto violations = check_seed(assertions, report, context.settings.seed);
  base::StepScope step(context.sink, context.clock, "seed:assertions",
                       fmt::format("{} assertions", assertions.values.size()));
  if (!violations.empty()) {
    return GateVerdict::failed(
        base::ExitCode::contract, shown(violations),
        fmt::format(
            "{}mend the seed job, or '{}' if the data was meant to change",
            context.settings.reset ? "" : "the data of the last run was kept: run without --no-reset; or ",
            name));
  }
  step.finish("ok");
  return GateVerdict::passed(fmt::format("seed {}: {} of {} assertions of {} apply and hold",
                                         context.settings.seed, applicable(assertions, context.settings.seed),
                                         assertions.values.size(), name));
}

}  // namespace fresh::pipeline
