#include "environment/run.h"

#include "base/error.h"
#include "environment/tool_run.h"

#include <fmt/core.h>

namespace fresh::environment {
namespace {

void ensure_container(const Task& task, EnvironmentReport& report) {
  if (report.lock.filename() == "uv.lock") {
    throw base::Error(base::ExitCode::precheck, "the container environment reads no uv.lock",
                      "write a hashed lock with 'uv export --format requirements-txt' and declare that");
  }
  const Lock lock = parse_requirements(read_lock(task, Provider::container), report.lock.string());
  report.fingerprint = fingerprint(lock);
  report.packages = lock.requirements.size();
  if (!task.spec.image.empty()) {
    report.notes.push_back(fmt::format("the image '{}' carries the environment", task.spec.image));
  }
}

}  // namespace

std::filesystem::path environment_folder(const std::filesystem::path& project, Provider provider) {
  return project / ".fresh-clone" / (provider == Provider::conda ? "conda" : "venv");
}

EnvironmentReport ensure(const EnvironmentSpec& spec, const std::filesystem::path& project,
                         const ToolFacts& facts, const base::EventSink& sink, const base::Clock& clock,
                         const std::stop_token& stop) {
  const Decision decision = decide(spec, facts);
  if (!decision.provider) {
    throw base::Error(base::ExitCode::precheck, decision.why, decision.remedy);
  }
  const base::Doing doing("preparing the environment ({})", shown(*decision.provider));
  EnvironmentReport report;
  report.provider = *decision.provider;
  report.why = decision.why;
  report.lock = spec.lock(report.provider);
  const Task task{spec, project, facts, sink, clock, stop};
  switch (report.provider) {
    case Provider::container:
      ensure_container(task, report);
      break;
    case Provider::uv:
    case Provider::venv:
      ensure_virtual_environment(task, report.provider, report);
      break;
    case Provider::conda:
      ensure_conda(task, report);
      break;
  }
  return report;
}

}  // namespace fresh::environment
