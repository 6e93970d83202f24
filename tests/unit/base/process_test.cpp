#include "base/process.h"

#include "base/error.h"
#include "base/file.h"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace fresh::base {
namespace {

Command shell(const std::string& script) {
  return {.argv = {"sh", "-c", script}};
}

bool lives(const std::string& pid) {
  return ::kill(std::stoi(pid), 0) == 0;
}

TEST(RunCommand, gives_output_and_exit_code) {
  const CommandResult result = run_command(shell("echo out; echo err >&2; exit 3"), {});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
  EXPECT_FALSE(result.timed_out);
}

TEST(RunCommand, reads_its_input_whole_or_not_at_all) {
  const std::string long_input(300'000, 'x');
  EXPECT_EQ(run_command({.argv = {"wc", "-c"}, .input = long_input}, {}).out, "300000\n");
  EXPECT_EQ(run_command({.argv = {"true"}, .input = long_input}, {}).exit_code, 0);
  EXPECT_EQ(run_command({.argv = {"wc", "-c"}}, {}).out, "0\n");
}

TEST(RunCommand, a_death_by_signal_is_128_and_its_number) {
  EXPECT_EQ(run_command(shell("kill -9 $$"), {}).exit_code, 137);
}

TEST(RunCommand, arguments_are_not_split_nor_expanded) {
  EXPECT_EQ(run_command({.argv = {"printf", "%s|", "a b", "$HOME", "*", ""}}, {}).out, "a b|$HOME|*||");
}

TEST(RunCommand, runs_in_its_folder) {
  const TemporaryFolder folder;
  EXPECT_EQ(run_command({.argv = {"pwd"}, .folder = folder.path()}, {}).out,
            std::filesystem::canonical(folder.path()).string() + "\n");
}

TEST(RunCommand, a_folder_that_is_not_there_is_said) {
  try {
    run_command({.argv = {"pwd"}, .folder = "/nowhere/at/all"}, {});
    FAIL() << "started";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::precheck);
    EXPECT_NE(error.message().find("in '/nowhere/at/all'"), std::string::npos) << error.message();
  }
}

TEST(RunCommand, adds_to_the_environment_or_replaces_it) {
  ASSERT_EQ(::setenv("FRESH_TEST_INHERITED", "yes", 1), 0);
  Command command = shell("echo \"$FRESH_TEST_INHERITED-$ADDED\"");
  command.environment = {{"ADDED", "new"}};
  EXPECT_EQ(run_command(command, {}).out, "yes-new\n");
  command.environment = {{"ADDED", "new"}, {"FRESH_TEST_INHERITED", "other"}};
  EXPECT_EQ(run_command(command, {}).out, "other-new\n");
  const Command clean{.argv = {"env"}, .environment = {{"ADDED", "new"}}, .clean_environment = true};
  EXPECT_EQ(run_command(clean, {}).out, "ADDED=new\n");
}

TEST(RunCommand, cuts_output_into_lines) {
  std::vector<std::string> lines;
  Command command = shell("printf 'one\\n\\nthree\\nno end'");
  command.on_line = [&](std::string_view line) { lines.emplace_back(line); };
  run_command(command, {});
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "", "three", "no end"}));
}

TEST(RunCommand, takes_output_larger_than_a_pipe_on_both_streams) {
  const CommandResult result =
      run_command(shell("head -c 300000 /dev/zero & head -c 300000 /dev/zero >&2; wait"), {});
  EXPECT_EQ(result.out.size(), 300'000U);
  EXPECT_EQ(result.err.size(), 300'000U);
}

TEST(RunCommand, a_program_that_is_not_installed_is_said) {
  try {
    run_command({.argv = {"no-such-program-anywhere"}}, {});
    FAIL() << "started";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::precheck);
    EXPECT_EQ(error.message(), "program 'no-such-program-anywhere' is not installed");
    EXPECT_FALSE(error.hint().empty());
  }
}

TEST(RunCommand, a_file_that_is_no_program_is_said) {
  const TemporaryFolder folder;
  write_file_atomic(folder.path() / "broken",
                    "\x7f"
                    "ELF",
                    0755);
  EXPECT_THROW(run_command({.argv = {(folder.path() / "broken").string()}}, {}), Error);
}

TEST(RunCommand, reads_nothing_from_our_input) {
  EXPECT_EQ(run_command({.argv = {"cat"}}, {}).out, "");
}

TEST(RunCommand, ends_at_its_deadline_with_all_its_children) {
  Command command = shell("sleep 1000 & echo $!; wait");
  command.deadline = Milliseconds(100);
  const CommandResult result = run_command(command, {});
  EXPECT_TRUE(result.timed_out);
  EXPECT_NE(result.exit_code, 0);
}

TEST(RunCommand, a_program_that_closes_its_output_still_has_a_deadline) {
  Command command = shell("exec >/dev/null 2>&1; sleep 1000");
  command.deadline = Milliseconds(100);
  EXPECT_TRUE(run_command(command, {}).timed_out);
}

TEST(RunCommand, a_program_left_behind_that_holds_the_output_is_not_waited_for) {
  const CommandResult result = run_command(shell("sleep 1000 & echo $!"), {});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_FALSE(result.timed_out);
  EXPECT_TRUE(lives(result.out));
  ::kill(std::stoi(result.out), SIGKILL);
}

TEST(RunCommand, one_that_ignores_the_request_to_end_is_killed) {
  Command command = shell("trap '' TERM; echo ready; while :; do :; done");
  command.deadline = Milliseconds(100);
  const CommandResult result = run_command(command, {});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.exit_code, 137);
}

TEST(RunCommand, a_stop_ends_it_and_is_told_as_interrupted) {
  std::stop_source source;
  std::string pid;
  Command command = shell("echo $$; exec sleep 1000");
  command.on_line = [&](std::string_view line) {
    pid = line;
    source.request_stop();
  };
  EXPECT_THROW(run_command(command, source.get_token()), Interrupted);
  EXPECT_FALSE(lives(pid));
}

TEST(RunCommand, a_listener_that_throws_leaves_no_process) {
  std::string pid;
  Command command = shell("echo $$; exec sleep 1000");
  command.on_line = [&](std::string_view line) {
    pid = line;
    throw Error(ExitCode::bug, "listener");
  };
  EXPECT_THROW(run_command(command, {}), Error);
  EXPECT_FALSE(lives(pid));
}

TEST(RunCommand, carries_its_intent) {
  try {
    run_command({.argv = {"no-such-program-anywhere"}}, {});
    FAIL() << "started";
  } catch (const Error& error) {
    EXPECT_EQ(error.doing(), DoingStack{"running 'no-such-program-anywhere'"});
  }
}

TEST(FindProgram, finds_what_the_path_has) {
  EXPECT_TRUE(find_program("sh").has_value());
  EXPECT_TRUE(find_program("sh")->is_absolute());
  EXPECT_EQ(find_program("no-such-program-anywhere"), std::nullopt);
  EXPECT_EQ(find_program("/bin/sh"), std::filesystem::path("/bin/sh"));
  EXPECT_EQ(find_program("/etc/passwd"), std::nullopt);
  EXPECT_EQ(find_program("/"), std::nullopt);
}

}  // namespace
}  // namespace fresh::base
