// What is wrong before anything was built: each is found at once, named with its place, and nothing is
// touched.
#include "scenarios/scenario.h"

namespace fresh::test {
namespace {

using Precheck = Scenario;
using Machine = Scenario;

TEST_F(Precheck, a_required_file_is_missing) {
  project.edit("fresh-clone.yaml", "require_files: [compose/small.yaml]", "require_files: [docs/needed.md]");
  expect_failure(project.run(), {10, "G0_PRECHECK", {"docs/needed.md"}, {"docs/needed.md"}});
  EXPECT_EQ(left_in_engine(), std::vector<std::string>{});
}

TEST_F(Precheck, bad_yaml_is_shown_with_file_line_and_column) {
  project.edit("fresh-clone.yaml", "project: small-stack", "projct: small-stack");
  const auto outcome = project.run();
  EXPECT_EQ(outcome.ended.exit_code, 10);
  EXPECT_NE(outcome.ended.err.find("fresh-clone.yaml:2:1"), std::string::npos) << outcome.ended.err;
  EXPECT_NE(outcome.ended.err.find("projct: small-stack"), std::string::npos) << outcome.ended.err;
  EXPECT_NE(outcome.ended.err.find("'project'"), std::string::npos) << outcome.ended.err;
  expect_failure(outcome, {10, "G0_PRECHECK", {"fresh-clone.yaml:2:1"}});
}

TEST_F(Precheck, a_broken_compose_file_is_shown_with_file_line_and_column) {
  project.edit("compose/small.yaml", "    volumes: [\"records:/var/lib/counter\"]",
               "    volume: [\"records:/x\"]");
  const auto outcome = project.run();
  EXPECT_NE(outcome.ended.err.find("small.yaml:8:5"), std::string::npos) << outcome.ended.err;
  expect_failure(outcome, {10, "G0_PRECHECK", {"small.yaml:8:5"}, {"volumes"}});
}

TEST_F(Precheck, exports_cannot_be_written) {
  project.write("exports", "a file where the folder should be\n");
  const auto ended = project.run().ended;
  EXPECT_TRUE(ended.exit_code == 10 || ended.exit_code == 70) << ended.exit_code << ended.err;
  EXPECT_NE(ended.err.find("exports"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("hint:"), std::string::npos) << ended.err;
  EXPECT_NE((ended.out + ended.err).find("FAIL run="), std::string::npos) << ended.out << ended.err;
}

TEST_F(Machine, more_cpus_are_demanded_than_the_engine_has) {
  expect_failure(project.run({"--podman-cpus", "999"}), {20, "G1_PODMAN", {"999"}, {"--podman-cpus"}});
}

TEST_F(Machine, the_engine_that_was_named_does_not_answer) {
  const std::string dead = (project.folder().parent_path() / "dead.sock").string();
  expect_failure(project.run({"--engine", "unix://" + dead}), {20, "G1_PODMAN", {dead}});
  EXPECT_EQ(left_in_engine(), std::vector<std::string>{}) << "no other engine may be used instead";
}

}  // namespace
}  // namespace fresh::test
