#include "notebooks/judge.h"

#include "determinism/terminal_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace fresh::notebooks {
namespace {

/// The driver's words for an end and the exit codes that go with them (driver/run_notebook.py, EXIT_CODES).
struct Ending {
  Status status;
  int exit_code;
};

const std::map<std::string, Ending, std::less<>>& endings() {
  static const std::map<std::string, Ending, std::less<>> known{
      {"pass", {Status::pass, 0}},        {"fail", {Status::fail, 20}},
      {"timeout", {Status::timeout, 21}}, {"kernel_died", {Status::kernel_died, 22}},
      {"oom", {Status::oom, 23}},         {"unreachable", {Status::error, 24}},
      {"error", {Status::error, 25}}};
  return known;
}

std::string limit_text(const std::optional<std::int64_t>& limit) {
  return limit ? fmt::format("limit {} MiB", *limit >> 20U) : "no limit was set";
}

void set(NotebookResult& result, Status status, std::string reason) {
  result.status = status;
  result.reason = std::move(reason);
}

/// The container ended without the driver's last word.
void judge_cut_short(NotebookResult& result, const Evidence& evidence) {
  result.tail = evidence.driver.noise;
  const std::string where = result.cell > 0 ? fmt::format(" in cell {}", result.cell) : "";
  if (evidence.killed_at_deadline) {
    set(result, Status::timeout,
        fmt::format("no end within {} s{}; the container was killed", evidence.deadline.count() / 1000,
                    where));
  } else if (!evidence.container) {
    set(result, Status::error,
        fmt::format("the container was gone before its result was known{}{}", where,
                    evidence.wait_lost.empty() ? "" : ": " + evidence.wait_lost));
  } else if (!evidence.container->has_finished()) {
    const std::string& why = evidence.container->error;
    set(result, Status::error,
        fmt::format("the container did not run to an end: state '{}'{}", evidence.container->state,
                    why.empty() ? "" : ", " + why));
  } else if (evidence.container->oom_killed) {
    set(result, Status::oom, fmt::format("out of memory: {}{}", limit_text(evidence.memory_limit), where));
  } else if (evidence.container->exit_code == 137 && evidence.memory_limit) {
    set(result, Status::oom,
        fmt::format("the container was ended by SIGKILL{}, probably out of memory: {}", where,
                    limit_text(evidence.memory_limit)));
  } else {
    const std::string& last = evidence.driver.noise.empty() ? std::string() : evidence.driver.noise.back();
    set(result, Status::error,
        fmt::format("the runner ended with exit code {} without a result{}{}", evidence.container->exit_code,
                    where, last.empty() ? "" : ": " + last));
  }
}

}  // namespace

NotebookResult judge(const std::string& path, const Evidence& evidence) {
  NotebookResult result{.path = path, .cells = evidence.driver.cells};
  if (evidence.container && evidence.container->has_finished()) {
    result.exit_code = evidence.container->exit_code;
  }
  const auto& finished = evidence.driver.finished;
  result.cell = finished ? finished->cell : evidence.driver.running_cell;
  result.cells_total = finished ? finished->cells_total : evidence.driver.cells_total;
  if (!finished) {
    for (const CellResult& cell : evidence.driver.cells) {
      result.cells_ok += cell.status == "ok" || cell.status == "skipped" ? 1 : 0;
    }
    judge_cut_short(result, evidence);
    return result;
  }
  result.cells_ok = finished->cells_ok;
  result.peak_memory = finished->peak_memory;
  result.tail = finished->tail;
  const auto ending = endings().find(finished->status);
  if (ending == endings().end()) {
    set(result, Status::error,
        fmt::format("the runner ended with the unknown status '{}'", finished->status));
  } else if (ending->second.status != Status::pass) {
    set(result, ending->second.status, determinism::terminal_text(finished->reason));
  } else if (!result.exit_code || *result.exit_code != ending->second.exit_code) {
    set(result, Status::error,
        fmt::format(
            "the runner said pass, but its container {}",
            result.exit_code ? fmt::format("ended with exit code {}", *result.exit_code) : "did not end"));
  } else if (finished->cells_ok != finished->cells_total) {
    set(result, Status::error,
        fmt::format("the runner said pass after {} of {} cells", finished->cells_ok, finished->cells_total));
  } else if (finished->cells_total != evidence.code_cells) {
    set(result, Status::error,
        fmt::format("the runner executed {} cells, the notebook has {}", finished->cells_total,
                    evidence.code_cells));
  } else if (std::none_of(result.cells.begin(), result.cells.end(),
                          [](const CellResult& cell) { return cell.status == "ok"; })) {
    set(result, Status::error, "no cell was executed: an empty notebook proves nothing");
  } else if (!evidence.executed_sha256 || *evidence.executed_sha256 != finished->executed_sha256) {
    set(result, Status::error, "the executed notebook did not arrive whole");
  } else {
    set(result, Status::pass, "");
  }
  return result;
}

}  // namespace fresh::notebooks
