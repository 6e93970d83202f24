#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fresh::bench {

/// One finished process.
struct Measured {
  double milliseconds = 0;
  double peak_mb = 0;  ///< of the process itself, not of its children
  bool passed = false;
  std::string errors;  ///< what it wrote to standard error, at most 4 KiB
};

struct Command {
  std::vector<std::string> words;
  std::map<std::string, std::string> variables = {};  ///< added to the environment
  std::filesystem::path folder = {};                  ///< empty: this one
};

/// Runs a command to its end, its output thrown away.
Measured measure(const Command& command);

/// The value in the middle; of an even number the upper of the two. `values` must not be empty.
double median(std::vector<double> values);
/// The smallest; `values` must not be empty.
double least(const std::vector<double>& values);

}  // namespace fresh::bench
