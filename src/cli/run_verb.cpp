#include "base/error.h"
#include "base/file.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "exports/status.h"
#include "pipeline/dry_run.h"
#include "pipeline/run.h"

#include <fmt/core.h>

#include <unistd.h>

namespace fresh::cli {
namespace {

/// The failure as one block at the end: where, why, what to do, and the last lines of what failed.
std::string failure_block(const exports::RunReport& report) {
  std::string text = fmt::format("\n{} failed: {}\n", report.failed_gate.value_or("run"), report.reason);
  if (!report.remediation.empty()) {
    text += fmt::format("  hint: {}\n", report.remediation);
  }
  if (!report.log_tail.lines.empty()) {
    text += fmt::format("  last lines of exports/{}/{}:\n", report.run_id, report.log_tail.file);
    for (const auto& line : report.log_tail.lines) {
      text += fmt::format("    {}\n", line);
    }
  }
  return text;
}

/// Where the outputs are, or what is not there.
std::string outputs_line(const exports::RunReport& report, const std::filesystem::path& folder) {
  if (report.not_written.empty()) {
    return fmt::format("outputs: {}", folder.string());
  }
  return fmt::format("outputs: incomplete in {}: {} of them could not be written, the first: {}",
                     folder.string(), report.not_written.size(), report.not_written.front());
}

}  // namespace

int run(const Arguments& arguments, const RunVerb& verb) {
  Session session(arguments);
  if (verb.dry_run) {
    print(stdout, "{}",
          pipeline::dry_run(arguments.surroundings, verb.settings, session.bus(), session.clock(),
                            session.stop()));
    return base::number(base::ExitCode::pass);
  }
  const auto report = [&] {
    try {
      return pipeline::run(arguments.surroundings, verb.settings, session.bus(), session.clock(),
                           session.stop());
    } catch (const base::Error& error) {
      // Where nothing can be written, the last line is all that says how the run ended.
      if (error.code() == base::ExitCode::outputs) {
        print(arguments.json ? stderr : stdout, "FAIL run={} gate=G10_STATUS exit={}: {}\n",
              verb.settings.run_id.value_or("none"), base::number(error.code()), error.message());
      }
      throw;
    }
  }();
  if (!report.passed && arguments.progress != Progress::json) {
    print(stderr, "{}", failure_block(report));
  }
  const auto folder = arguments.surroundings.run_folder(report.run_id);
  print(stderr, "{}\n", outputs_line(report, folder));
  if (arguments.json) {
    print(stderr, "{}\n", exports::final_line(report));
    print(stdout, "{}",
          base::read_file_if_exists(folder / "status.json").value_or(exports::status_json(report)));
  } else {
    print(stdout, "{}\n", exports::final_line(report));
  }
  return base::number(report.exit_code);
}

}  // namespace fresh::cli
