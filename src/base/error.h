#pragma once

#include "base/doing.h"
#include "base/exit_code.h"

#include <stdexcept>
#include <string>

namespace fresh::base {

/// Why the program cannot go on: a message (what was expected, what was found), a hint (one action the user
/// can take, may be empty), the exit code of its family, and what was being done. Subclasses exist only where
/// somebody catches them.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, std::string message, std::string hint = {});

  ExitCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  /// Outermost intent first.
  const DoingStack& doing() const { return doing_; }

  /// The text a user reads: `error: ...`, `  while ...` lines innermost first, `  hint: ...`; ends with a
  /// newline.
  std::string render() const;

 private:
  ExitCode code_;
  std::string message_;
  std::string hint_;
  DoingStack doing_;
};

/// The user asked the program to stop (SIGINT, SIGTERM); never swallowed.
class Interrupted : public Error {
 public:
  explicit Interrupted(std::string what_was_stopped);
};

}  // namespace fresh::base
