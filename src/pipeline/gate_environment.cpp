#include "determinism/controls.h"
#include "environment/run.h"
#include "environment/variables.h"
#include "pipeline/context.h"

#include <fmt/core.h>

namespace fresh::pipeline {

namespace {

/// 2020-01-01. Not the time of the commit: a committed baseline must hold for the commits after it.
constexpr std::int64_t fixed_epoch = 1'577'836'800;

}  // namespace

GateVerdict provide_environment(Context& context) {
  const auto& spec = context.project.environment;
  context.controls = determinism::portable_controls(
      {.seed = context.settings.seed, .commit_time = fixed_epoch, .project = context.project.name});
  context.variables = environment::run_variables(spec, context.controls, context.surroundings.variables);
  context.report.controls = context.controls;
  for (const auto& [name, value] : context.variables) {
    // A variable of the host may hold what is a credential here.
    context.report.environment[name] = context.redactor->redact(value);
  }
  context.outcome.controls = context.controls;
  context.outcome.results.merge(determinism::setting_leaves(context.settings.seed, context.controls));
  if (!context.project.declares_environment) {
    return GateVerdict::skipped("the project declares no environment; the controls are set");
  }
  const auto report = environment::ensure(spec, context.project.folder, environment::observe_tools(spec),
                                          context.sink, context.clock, context.stop);
  for (const auto& note : report.notes) {
    context.bus.notice("environment", note);
  }
  context.report.environment_provider = std::string(environment::shown(report.provider));
  context.report.dependency_fingerprint = report.fingerprint;
  context.outcome.inputs["environment/dependencies"] = report.fingerprint;
  return GateVerdict::passed(fmt::format("{} ({}): {} packages, fingerprint {}",
                                         environment::shown(report.provider), report.why, report.packages,
                                         report.fingerprint.substr(0, 12)));
}

}  // namespace fresh::pipeline
