#include "pipeline/gate.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

using base::ExitCode;

TEST(Gate, HasTheIdsOfTheContractInOrder) {
  const std::array<std::string_view, 11> expected{
      "G0_PRECHECK",         "G1_PODMAN", "G2_ENV",       "G3_RESET",       "G4_BUILD",  "G5_DEPLOY_VAULT",
      "G6_RUNTIME_CONTRACT", "G7_SEED",   "G8_NOTEBOOKS", "G9_DETERMINISM", "G10_STATUS"};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(gate_id(all_gates.at(i)), expected.at(i));
    EXPECT_FALSE(gate_title(all_gates.at(i)).empty());
  }
}

TEST(Gate, FailsWithTheExitCodeOfTheContract) {
  const std::array<int, 11> expected{10, 20, 10, 30, 30, 30, 40, 40, 50, 60, 70};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(base::number(failure_code(all_gates.at(i), ExitCode::usage)), expected.at(i))
        << gate_id(all_gates.at(i));
  }
}

TEST(Gate, DeployFailsWith40WhenAServiceIsUnhealthy) {
  EXPECT_EQ(failure_code(Gate::deploy_vault, ExitCode::contract), ExitCode::contract);
  EXPECT_EQ(failure_code(Gate::deploy_vault, ExitCode::machine), ExitCode::deploy);
}

TEST(Gate, KeepsTheCodeOfAnInterruptionOfABugAndOfAnotherRun) {
  for (const Gate gate : all_gates) {
    EXPECT_EQ(failure_code(gate, ExitCode::bug), ExitCode::bug);
    EXPECT_EQ(failure_code(gate, ExitCode::interrupted), ExitCode::interrupted);
    EXPECT_EQ(failure_code(gate, ExitCode::locked), ExitCode::locked);
  }
}

TEST(Build, SaysThatInputsEqualTheirLocksWhereThereAreLocks) {
  EXPECT_EQ(build_summary(2, 0, 0), "2 images; none has a lock ('fresh-clone images lock' writes them)");
  EXPECT_EQ(build_summary(3, 2, 0), "3 images, 2 of them with inputs that equal their lock");
  EXPECT_EQ(build_summary(3, 3, 0), "3 images, all with inputs that equal their lock");
  EXPECT_EQ(build_summary(3, 3, 7), "3 images, all with a lock; 7 packages moved since");
}

}  // namespace
}  // namespace fresh::pipeline
