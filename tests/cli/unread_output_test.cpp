// Standard output is a pipe that nobody reads, as behind `| head` when head has seen enough.
#include "base/process.h"

#include <gtest/gtest.h>

namespace fresh::test {
namespace {

/// The program's end with nobody behind its standard output: the reader has ended before it starts.
base::CommandResult unread(const std::string& arguments) {
  const std::string script = "exec 3> >(exec true); wait $!; \"$0\" " + arguments + " >&3; echo $?";
  return base::run_command({.argv = {"/bin/bash", "-c", script, FRESH_BINARY},
                            .folder = FRESH_SOURCE_DIR "/tests/cli",
                            .deadline = std::chrono::seconds(30),
                            .input = "services: {a: {image: x}}\n"},
                           {});
}

TEST(UnreadOutput, ends_what_only_shows_by_the_signal_and_without_a_word) {
  for (const std::string arguments :
       {"--help", "ps --help", "--version", "-f - config", "-f - config --services", "-f - validate"}) {
    const auto ended = unread(arguments);
    EXPECT_EQ(ended.out, "141\n") << arguments;
    EXPECT_EQ(ended.err, "") << arguments;
  }
}

TEST(UnreadOutput, changes_no_failure) {
  const auto ended = unread("-f - config nosuch");
  EXPECT_EQ(ended.out, "2\n");
  EXPECT_NE(ended.err.find("nosuch"), std::string::npos) << ended.err;
}

TEST(UnreadOutput, is_another_thing_than_output_that_is_lost) {
  const auto ended =
      base::run_command({.argv = {"/bin/sh", "-c", "\"$0\" --version >/dev/full", FRESH_BINARY}}, {});
  EXPECT_EQ(ended.exit_code, 70);
  EXPECT_NE(ended.err.find("standard output cannot be written"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace fresh::test
