#pragma once

#include "notebooks/report.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::notebooks {

/// The last line of the driver's report.
struct Finished {
  std::string status;  ///< `pass`, `fail`, `timeout`, `kernel_died`, `oom`, `unreachable`, `error`
  std::string reason = {};
  int cell = 0;
  int cells_total = 0;
  int cells_ok = 0;
  std::string executed_sha256 = {};
  std::int64_t executed_size = 0;
  std::optional<std::int64_t> peak_memory = {};
  std::vector<std::string> tail = {};
};

/// What the driver said so far.
struct DriverReport {
  int running_cell = 0;  ///< the cell that began and did not end
  int cells_total = 0;
  std::vector<CellResult> cells = {};
  std::optional<Finished> finished = {};
  std::vector<std::string> noise = {};  ///< the last 20 lines that are no part of the report
};

/// Reads the driver's report from the container's output, in pieces of any size. Lines that do not begin with
/// the mark, are cut, or hold no valid event are noise, never a result.
class DriverReportReader {
 public:
  explicit DriverReportReader(std::function<void(const CellResult& cell, int of)> on_cell = {})
      : on_cell_(std::move(on_cell)) {}

  void feed(std::string_view bytes);
  const DriverReport& report() const { return report_; }

 private:
  void line(std::string_view text);
  void noise(std::string_view text);

  std::function<void(const CellResult&, int)> on_cell_;
  std::string pending_;
  DriverReport report_;
};

}  // namespace fresh::notebooks
