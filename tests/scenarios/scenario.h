#pragma once

#include "scenarios/project.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

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

/// One scenario on the engine of this process. Afterwards the engine holds nothing of ours, and a failed
/// scenario's outputs are kept below <build>/scenario-artifacts/.
class Scenario : public ::testing::Test {
 protected:
  /// `fill` makes the folder of the project.
  explicit Scenario(const std::function<void(const std::filesystem::path&)>& fill = Project::small_stack)
      : project(&RealEngine::shared(), fill) {}
  void SetUp() override;
  void TearDown() override;

  const RealEngine& engine() const { return RealEngine::shared(); }
  /// The run ended as `expected`: exit code, last line, status.json, gates before and after, all outputs,
  /// checksums.
  void expect_failure(const RunOutcome& outcome, const Failure& expected) const;
  void expect_pass(const RunOutcome& outcome) const;
  /// Every output of the contract is there, complete and consistent with the others.
  void expect_outputs(const RunOutcome& outcome) const;
  /// Names of our containers, networks and volumes in the engine.
  std::vector<std::string> left_in_engine() const;

  /// A web server beside the engine, over a folder; it answers when this returns.
  std::unique_ptr<Program> serve(const std::string& address, const std::string& port,
                                 const std::filesystem::path& folder) const;

  Project project;
};

/// GET on the engine's Docker-compatible API.
nlohmann::json engine_get(const RealEngine& engine, const std::string& path);
/// POST on the same; throws when the engine refuses.
void engine_post(const RealEngine& engine, const std::string& path);

}  // namespace fresh::test
