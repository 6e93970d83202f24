#pragma once

#include "scenarios/project.h"

#include <string>
#include <vector>

namespace fresh::test {

/// A failure as a user meets it: exit code, gate and words that the hint must have because they lead to the
/// mend.
struct Failure {
  int exit_code;
  std::string gate;
  std::vector<std::string> reason_has = {};
  std::vector<std::string> hint_has = {};
};

/// The run ended as `expected`: exit code, last line, status.json, gates before and after, all outputs,
/// checksums.
void expect_failure(const RunOutcome& outcome, const Failure& expected);
void expect_pass(const RunOutcome& outcome);
/// Every output of the contract is there, complete and consistent with the others.
void expect_outputs(const RunOutcome& outcome);

}  // namespace fresh::test
