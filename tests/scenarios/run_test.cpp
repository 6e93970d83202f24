// A run as a process: one at a time, stopped by Ctrl-C, silent where asked.
#include "scenarios/scenario.h"

#include <csignal>

namespace fresh::test {
namespace {

class Run : public Scenario {
 protected:
  /// Starts a run whose counter never becomes healthy and comes back when it waits for that.
  std::unique_ptr<Program> start_waiting_run(const std::string& id) {
    project.edit("images/app/healthy.py", "/health\"", "/sick\"");
    auto program = project.start({"run", "--run-id", id});
    const auto events = project.folder() / "exports" / id / "events.jsonl";
    EXPECT_TRUE(eventually(
        [&] {
          return !program->running() ||
                 base::read_file_if_exists(events).value_or("").find("G5_DEPLOY_VAULT") != std::string::npos;
        },
        std::chrono::seconds(200)))
        << program->err_so_far();
    EXPECT_TRUE(program->running()) << program->err_so_far();
    return program;
  }
};

TEST_F(Run, ctrl_c_says_so_stops_and_leaves_its_outputs) {
  const std::string id = project.next_id();
  const auto program = start_waiting_run(id);
  program->signal(SIGINT);
  const auto outcome = project.outcome(program->wait(std::chrono::seconds(30)), id);
  EXPECT_EQ(outcome.ended.exit_code, 130) << outcome.ended.err;
  EXPECT_EQ(outcome.status().value("result", ""), "FAIL");
  EXPECT_EQ(outcome.status().value("failed_gate", ""), "G5_DEPLOY_VAULT");
  expect_outputs(outcome);
  EXPECT_EQ(project.command({"down", "-v"}).exit_code, 0);
  EXPECT_EQ(left_in_engine(), std::vector<std::string>{});
}

TEST_F(Run, a_second_one_at_once_is_refused_and_names_the_holder) {
  const std::string id = project.next_id();
  const auto program = start_waiting_run(id);
  const auto second = project.run();
  EXPECT_EQ(second.ended.exit_code, 75) << second.ended.err;
  EXPECT_NE(second.ended.err.find(id), std::string::npos) << second.ended.err;
  EXPECT_TRUE(program->running()) << "the refused run must not touch the one that holds the lock";
  program->signal(SIGTERM);
  EXPECT_EQ(program->wait(std::chrono::seconds(30)).exit_code, 143);
}

TEST_F(Run, a_killed_one_leaves_no_lock_behind) {
  const auto program = start_waiting_run(project.next_id());
  program->signal(SIGKILL);
  EXPECT_EQ(program->wait(std::chrono::seconds(30)).exit_code, 137);
  project.edit("images/app/healthy.py", "/sick\"", "/health\"");
  expect_pass(project.run());
}

TEST_F(Run, a_dry_run_changes_nothing) {
  const auto ended = project.command({"run", "--dry-run"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_NE((ended.out + ended.err).find("counter"), std::string::npos) << ended.out << ended.err;
  EXPECT_EQ(left_in_engine(), std::vector<std::string>{});
}

TEST_F(Run, json_has_standard_output_for_itself) {
  const auto outcome = project.run({"--json"});
  ASSERT_EQ(outcome.ended.exit_code, 0) << outcome.ended.err;
  const auto printed = nlohmann::json::parse(outcome.ended.out, nullptr, false);
  ASSERT_FALSE(printed.is_discarded()) << outcome.ended.out;
  EXPECT_EQ(printed, outcome.status());
}

}  // namespace
}  // namespace fresh::test
