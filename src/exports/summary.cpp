#include "exports/summary.h"

#include "exports/plain_text.h"
#include "exports/status.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::exports {
namespace {

constexpr std::size_t slowest_shown = 5;

std::string or_none(const std::string& text) {
  return text.empty() ? "none" : one_line(text);
}

std::string head(const RunReport& report) {
  std::string text = fmt::format("fresh-clone run {} of '{}': {}\n\n", report.run_id, report.project,
                                 report.passed ? "PASS" : "FAIL");
  text += fmt::format("commit       {}{}\n", or_none(report.commit_sha),
                      report.dirty ? " (work tree is dirty)" : "");
  text += fmt::format("seed, mode   {}, {}\n", report.seed, or_none(report.mode));
  text += fmt::format("engine       {} {} at {}\n", or_none(report.engine.name), report.engine.version,
                      or_none(report.engine.connection));
  if (!report.engine.chosen_because.empty()) {
    text += fmt::format("             chosen because of {}\n", one_line(report.engine.chosen_because));
  }
  text += fmt::format("started      {}\n", base::rfc3339(report.started));
  text += fmt::format("took         {}\n", base::shown(report.duration));
  text += fmt::format("reset        {}\n", or_none(report.reset.action));
  text += fmt::format("fingerprint  {}\n", or_none(report.fingerprint));
  text += fmt::format(
      "baseline     {}{}\n", or_none(report.baseline.verdict),
      report.baseline.source.empty() ? "" : fmt::format(" ({})", one_line(report.baseline.source)));
  text += fmt::format("grade        {}\n", or_none(report.grade));
  return text;
}

std::string gates(const RunReport& report) {
  std::string text = "\nGates\n";
  for (const auto& gate : report.gates) {
    const bool ran = gate.result == "passed" || gate.result == "failed";
    text += fmt::format("  {:<20} {:<12} {:>8}  {}", gate.id, gate.result, ran ? base::shown(gate.took) : "",
                        one_line(gate.reason));
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

std::string services(const RunReport& report) {
  std::string text = report.services.empty() ? "" : "\nServices\n";
  for (const auto& [name, healthy] : report.services) {
    text += fmt::format("  {:<20} {}\n", name, healthy ? "healthy" : "unhealthy");
  }
  return text;
}

std::string notebooks(const RunReport& report) {
  if (report.notebooks_skipped) {
    return "\nNotebooks: skipped (--skip-notebooks); this run is a diagnosis, not a proof\n";
  }
  const NotebookCounts counts = count(report.notebooks);
  if (counts.total == 0) {
    return "";
  }
  std::string text = fmt::format("\nNotebooks: {} of {} passed", counts.pass, counts.total);
  if (counts.not_applicable > 0) {
    text += fmt::format(", {} not applicable", counts.not_applicable);
  }
  text += '\n';
  // What passed first, so that the failures stand last, next to the end where people look.
  for (const bool passed : {true, false}) {
    for (const auto& notebook : report.notebooks) {
      if ((notebook.result == "passed") == passed) {
        text += fmt::format("  {:<15} {:>8}  {}{}{}\n", notebook.result, base::shown(notebook.took),
                            notebook.path, notebook.reason.empty() ? "" : ": ", one_line(notebook.reason));
      }
    }
  }
  return text;
}

std::string slowest(const RunReport& report) {
  auto steps = report.steps;
  std::stable_sort(steps.begin(), steps.end(),
                   [](const auto& left, const auto& right) { return left.took > right.took; });
  steps.resize(std::min(steps.size(), slowest_shown));
  std::string text = steps.empty() ? "" : "\nSlowest steps\n";
  for (const auto& step : steps) {
    text +=
        fmt::format("  {:>8}  {}: {}\n", base::shown(step.took), one_line(step.subject), one_line(step.text));
  }
  return text;
}

std::string list(const char* title, const std::vector<std::string>& lines) {
  std::string text = lines.empty() ? "" : fmt::format("\n{}\n", title);
  for (const auto& line : lines) {
    text += fmt::format("  - {}\n", one_line(line));
  }
  return text;
}

std::string drifts(const RunReport& report) {
  std::vector<std::string> lines;
  for (const auto& drift : report.drifts) {
    lines.push_back(fmt::format("{}: {} -> {}", drift.subject, or_none(drift.from), or_none(drift.to)));
  }
  return list("Inputs that moved since they were locked", lines);
}

std::string failure(const RunReport& report) {
  if (report.passed) {
    return "";
  }
  std::string text =
      fmt::format("\nFailed: {} (exit {})\n", report.failed_gate.value_or("before the first gate"),
                  number(report.exit_code));
  text += fmt::format("  {}\n", or_none(report.reason));
  if (!report.log_tail.lines.empty()) {
    text += fmt::format("  ------ {} (last {} lines)\n", report.log_tail.file, report.log_tail.lines.size());
    for (const auto& line : report.log_tail.lines) {
      text += fmt::format("  {}\n", plain_text(line));
    }
    text += "  ------\n";
  }
  if (!report.remediation.empty()) {
    text += fmt::format("  what to do: {}\n", one_line(report.remediation));
  }
  return text;
}

}  // namespace

std::string summary_text(const RunReport& report) {
  return head(report) + gates(report) + services(report) + notebooks(report) + slowest(report) +
         drifts(report) + list("Differences to the baseline", report.baseline.differences) +
         list("Warnings", report.warnings) + list("Notes", report.notes) + failure(report) + "\n" +
         final_line(report) + "\n";
}

}  // namespace fresh::exports
