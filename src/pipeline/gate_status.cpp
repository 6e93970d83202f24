#include "exports/verify.h"
#include "exports/write.h"
#include "pipeline/context.h"

#include <fmt/format.h>

namespace fresh::pipeline {

GateVerdict write_outputs(Context& context) {
  auto& report = context.report;
  report.gates.push_back({.id = std::string(gate_id(Gate::status)),
                          .result = std::string(shown(GateResult::passed)),
                          .reason = "every output written and read back"});
  report.ended = context.clock.wall();
  report.duration = std::chrono::duration_cast<base::Milliseconds>(context.clock.steady() - context.begun);
  context.collect(report);
  exports::write_all(report, context.folder);
  auto problems = exports::verify_outputs(context.folder);
  for (auto& problem : context.log_problems()) {
    problems.push_back(std::move(problem));
  }
  if (!problems.empty()) {
    return GateVerdict::failed(base::ExitCode::outputs, fmt::format("{}", fmt::join(problems, "; ")),
                               fmt::format("look at '{}' and run again", context.folder.string()));
  }
  return GateVerdict::passed(report.gates.back().reason);
}

}  // namespace fresh::pipeline
