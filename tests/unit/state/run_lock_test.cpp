#include "state/run_lock.h"

#include "base/error.h"
#include "base/file.h"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace fresh::state {
namespace {

using base::Error;
using base::ExitCode;

const LockHolder somebody{
    .pid = 4711, .host = "box", .run = "r1", .gate = "", .since = "2026-11-21T06:00:00.000Z"};

TEST(RunLock, a_second_one_is_refused_and_told_who_has_it) {
  const base::TemporaryFolder folder;
  RunLock first(folder.path() / "state", somebody);
  first.enter_gate("G4_BUILD");
  try {
    const RunLock second(folder.path() / "state", {.pid = 1, .run = "r2"});
    FAIL() << "two hold the lock";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::locked);
    EXPECT_EQ(error.message(),
              "another run works on this project: run 'r1', gate G4_BUILD, pid 4711 on host 'box', since "
              "2026-11-21T06:00:00.000Z");
    EXPECT_EQ(error.hint(), "wait for it to end, or stop it with: kill -INT 4711");
  }
}

TEST(RunLock, is_free_again_at_the_end_of_scope) {
  const base::TemporaryFolder folder;
  { const RunLock first(folder.path(), somebody); }
  EXPECT_EQ(RunLock::holder(folder.path()), std::nullopt);
  const RunLock second(folder.path(), somebody);
}

TEST(RunLock, shows_the_holder_to_those_who_ask_without_disturbing_it) {
  const base::TemporaryFolder folder;
  EXPECT_EQ(RunLock::holder(folder.path()), std::nullopt);
  RunLock lock(folder.path(), somebody);
  EXPECT_EQ(RunLock::holder(folder.path()), somebody);
  lock.enter_gate("G5_DEPLOY_VAULT");
  LockHolder later = somebody;
  later.gate = "G5_DEPLOY_VAULT";
  EXPECT_EQ(RunLock::holder(folder.path()), later);
  EXPECT_EQ(RunLock::holder(folder.path()), later);
}

TEST(RunLock, a_killed_holder_holds_nothing) {
  const base::TemporaryFolder folder;
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const RunLock lock(folder.path(), somebody);
    [[maybe_unused]] const auto told = ::write(ends[1], "x", 1);
    ::pause();
    ::_exit(0);
  }
  ::close(ends[1]);
  char byte = 0;
  ASSERT_EQ(::read(ends[0], &byte, 1), 1);
  ::close(ends[0]);
  EXPECT_EQ(RunLock::holder(folder.path()), somebody);
  EXPECT_THROW(RunLock(folder.path(), somebody), Error);

  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(RunLock::holder(folder.path()), std::nullopt);
  const RunLock mine(folder.path(), {.pid = 5, .run = "r2"});
  EXPECT_EQ(RunLock::holder(folder.path())->run, "r2");
}

TEST(RunLock, exactly_one_of_many_that_start_together_gets_it) {
  const base::TemporaryFolder folder;
  std::array<int, 2> gate{};
  std::array<int, 2> hold{};
  ASSERT_EQ(::pipe(gate.data()), 0);
  ASSERT_EQ(::pipe(hold.data()), 0);
  std::vector<pid_t> children;
  for (int i = 0; i < 10; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(hold[1]);
      char go = 0;
      [[maybe_unused]] const auto started = ::read(gate[0], &go, 1);
      try {
        const RunLock lock(folder.path(), somebody);
        [[maybe_unused]] const auto until_all_tried = ::read(hold[0], &go, 1);
      } catch (const Error& error) {
        ::_exit(number(error.code()));
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  ASSERT_EQ(::write(gate[1], "0123456789", 10), 10);
  int refused = 0;
  int held = 0;
  const auto note = [&](int status) {
    (WEXITSTATUS(status) == number(ExitCode::locked) ? refused : held) += 1;
    EXPECT_TRUE(WIFEXITED(status));
  };
  // Nine end by themselves; the tenth waits for our end of the pipe.
  for (int i = 0; i < 9; ++i) {
    int status = 0;
    ASSERT_GT(::wait(&status), 0);
    note(status);
  }
  ::close(hold[1]);
  int status = 0;
  ASSERT_GT(::wait(&status), 0);
  note(status);
  EXPECT_EQ(held, 1);
  EXPECT_EQ(refused, 9);
  for (const int end : {gate[0], gate[1], hold[0]}) {
    ::close(end);
  }
}

TEST(RunLock, a_child_program_does_not_inherit_it) {
  const base::TemporaryFolder folder;
  pid_t child = -1;
  {
    const RunLock lock(folder.path(), somebody);
    child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::execl("/bin/sleep", "sleep", "1000", nullptr);
      ::_exit(127);
    }
    // The lock goes with exec, not with fork: wait for the new program by its name.
    while (base::read_file("/proc/" + std::to_string(child) + "/comm") != "sleep\n") {
    }
  }
  EXPECT_NO_THROW(RunLock(folder.path(), somebody));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST(RunLock, content_that_is_no_json_still_gives_a_clear_refusal) {
  const base::TemporaryFolder folder;
  const RunLock lock(folder.path(), somebody);
  std::filesystem::resize_file(folder.path() / "lock", 0);
  try {
    const RunLock second(folder.path(), somebody);
    FAIL() << "two hold the lock";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::locked);
    EXPECT_NE(error.message().find("run 'unknown'"), std::string::npos) << error.message();
  }
}

TEST(RunLock, does_not_follow_a_link) {
  const base::TemporaryFolder folder;
  base::write_file_atomic(folder.path() / "target", "precious");
  std::filesystem::create_symlink(folder.path() / "target", folder.path() / "lock");
  EXPECT_THROW(RunLock(folder.path(), somebody), Error);
  EXPECT_EQ(base::read_file(folder.path() / "target"), "precious");
}

TEST(RunLock, knows_this_process) {
  const LockHolder self = this_process("r9", "now");
  EXPECT_EQ(self.pid, ::getpid());
  EXPECT_FALSE(self.host.empty());
  EXPECT_EQ(self.run, "r9");
}

}  // namespace
}  // namespace fresh::state
