#pragma once

namespace fresh::base {

/// The exit codes of fresh-clone: a schema (README.md, the table of gates). Scripts depend on the
/// numbers.
enum class ExitCode : int {
  pass = 0,
  bug = 1,
  usage = 2,
  precheck = 10,
  machine = 20,
  deploy = 30,
  contract = 40,
  notebooks = 50,
  determinism = 60,
  outputs = 70,
  locked = 75,
  interrupted = 130,
  terminated = 143,
};

constexpr int number(ExitCode code) {
  return static_cast<int>(code);
}

}  // namespace fresh::base
