#pragma once

#include "engine/types.h"
#include "notebooks/driver_report.h"
#include "notebooks/report.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace fresh::notebooks {

/// All that is known of one notebook's run when its container has ended.
struct Evidence {
  DriverReport driver = {};
  std::optional<engine::Container> container = {};  ///< as inspected at the end
  std::optional<std::string> executed_sha256 = {};  ///< of the executed notebook as it arrived here
  int code_cells = 0;                               ///< of the notebook as it stands in the project
  bool killed_at_deadline = false;
  std::string wait_lost = {};  ///< why the wait for the container's end broke off, where it did
  std::chrono::milliseconds deadline{0};
  std::optional<std::int64_t> memory_limit = {};
};

/// The verdict. `pass` needs all four: the driver's own last line, exit code 0 of a container that ran and
/// ended, the executed notebook complete, and as many cells executed as the project's notebook has, at least
/// one. Pure; fills status, reason, cells and exit code.
NotebookResult judge(const std::string& path, const Evidence& evidence);

}  // namespace fresh::notebooks
