#pragma once

#include "base/clock.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::base {

/// A program to run: no shell in between. `environment` is added to (or, with clean_environment, replaces)
/// ours.
struct Command {
  std::vector<std::string> argv;
  std::filesystem::path folder = {};
  std::map<std::string, std::string> environment = {};
  bool clean_environment = false;
  Milliseconds deadline = std::chrono::minutes(10);
  std::string input = {};  ///< what the program reads on its standard input
  /// Called with each complete line of stdout or stderr as it comes.
  std::function<void(std::string_view line)> on_line = {};
};

struct CommandResult {
  /// The exit status, or 128 + the signal's number.
  int exit_code = 0;
  bool timed_out = false;
  std::string out;
  std::string err;
};

/// Runs a program to its end in a process group of its own; at the deadline or on stop the group gets
/// SIGTERM, then SIGKILL after two seconds. Throws Error (precheck) when it cannot be started, Interrupted on
/// stop.
CommandResult run_command(const Command& command, const std::stop_token& stop);

/// The path of a program found by PATH, or nothing.
std::optional<std::filesystem::path> find_program(std::string_view name);

}  // namespace fresh::base
