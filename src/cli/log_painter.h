#pragma once

#include "pipeline/day_requests.h"

#include <cstddef>
#include <map>
#include <string>

namespace fresh::cli {

/// How lines of containers are shown.
struct LogStyle {
  bool prefix = true;   ///< the name before each line
  bool colour = false;  ///< each name in a colour of its own
  bool align = false;   ///< the lines begin in one column
};

/// The style of standard output: colours and a column on a terminal alone, no colours with NO_COLOR.
LogStyle log_style(bool prefix, bool colour, const std::map<std::string, std::string>& environment);

/// Makes lines of containers ready to be read: `web | GET /`.
class LogPainter {
 public:
  explicit LogPainter(LogStyle style) : style_(style) {}

  /// The line without its end.
  std::string paint(const pipeline::OutputLine& line);

 private:
  std::string name_of(const pipeline::OutputLine& line);

  LogStyle style_;
  std::size_t widest_ = 0;
  std::map<std::string, std::size_t> order_;  ///< of the names' first lines: which colour each has
};

}  // namespace fresh::cli
