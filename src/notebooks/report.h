#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::notebooks {

enum class Status { pass, fail, timeout, kernel_died, oom, not_applicable, not_reached, error };

/// `pass`, `fail`, `timeout`, `kernel_died`, `oom`, `not_applicable`, `not_reached`, `error`.
std::string_view shown(Status status);

struct CellResult {
  int cell = 0;
  std::string status;  ///< `ok`, `skipped`, `error`, `timeout`
  std::chrono::milliseconds took{0};
};

struct NotebookResult {
  std::string path;
  Status status = Status::error;
  std::string reason = {};  ///< one line, empty for pass
  int cell = 0;             ///< where it ended, 0 when at no cell
  int cells_total = 0;
  int cells_ok = 0;
  std::chrono::milliseconds took{0};
  std::optional<int> exit_code = {};  ///< of the container, when it really ran and ended
  std::optional<std::int64_t> peak_memory = {};
  std::vector<CellResult> cells = {};
  std::filesystem::path executed = {};  ///< the executed notebook, empty when there is none
  std::vector<std::string> tail = {};   ///< traceback or last lines of the log
};

struct NotebookReport {
  std::vector<NotebookResult> notebooks;  ///< sorted by path

  /// True when there is at least one pass and nothing but pass and not_applicable.
  bool passed() const;
  std::size_t count(Status status) const;
};

/// notebook_run_report.tsv, of a run without notebooks as well: a header, then one line per notebook, sorted
/// by path. Tabs, newlines and backslashes in a field are written as \t, \n and \\; other control characters
/// are left out.
std::string report_tsv(const NotebookReport& report);

}  // namespace fresh::notebooks
