#include "engines/engine/fixture.h"

#include <gtest/gtest.h>

#include <array>
#include <unistd.h>

namespace fresh::test {
namespace {

using engine::Conversation;
using engine::EngineError;
using engine::Fault;
using engine::Stream;
using engine::TerminalSize;

/// A pipe that holds `text` and then ends.
class Input {
 public:
  explicit Input(const std::string& text) {
    if (::pipe(ends_.data()) != 0 ||
        ::write(ends_[1], text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      throw std::runtime_error("no pipe");
    }
    ::close(ends_[1]);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() { ::close(ends_[0]); }
  int descriptor() const { return ends_[0]; }

 private:
  std::array<int, 2> ends_{};
};

class Talk : public EngineTest {
 protected:
  std::string start(const std::string& script, bool tty = false) {
    auto spec = shell("a", script);
    spec.tty = tty;
    spec.stdin_open = true;
    engine().create_container(spec, call);
    engine().start_container(spec.name, call);
    return spec.name;
  }
  engine::StreamSink sink() {
    return [this](Stream stream, std::string_view bytes) { (stream == Stream::err ? err : out) += bytes; };
  }
  std::string out;
  std::string err;
};

TEST_F(Talk, ExecReadsItsInputToTheEnd) {
  const auto name = start("sleep 60");
  const Input input("one\ntwo\n");
  const int code = engine().converse_exec(name, {.command = {"sh", "-c", "cat; echo oh >&2; exit 3"}},
                                          {.input = input.descriptor()}, sink(), call);
  EXPECT_EQ(code, 3);
  EXPECT_EQ(out, "one\ntwo\n");
  EXPECT_EQ(err, "oh\n");
}

TEST_F(Talk, ExecWithoutInputEnds) {
  const auto name = start("sleep 60");
  EXPECT_EQ(engine().converse_exec(name, {.command = {"sh", "-c", "echo hello"}}, {}, sink(), call), 0);
  EXPECT_EQ(out, "hello\n");
}

TEST_F(Talk, MuchComesAndGoesWhole) {
  const auto name = start("sleep 60");
  const Input input(std::string(60'000, 'x'));
  EXPECT_EQ(engine().converse_exec(name, {.command = {"sh", "-c", "cat; head -c 3000000 /dev/zero"}},
                                   {.input = input.descriptor()}, sink(), call),
            0);
  EXPECT_EQ(out.size(), 3'060'000U);
}

TEST_F(Talk, TerminalOfAnExecHasTheUsersSize) {
  const auto name = start("sleep 60");
  const Conversation conversation{.input = -1,
                                  .size = [] { return TerminalSize{.rows = 33, .columns = 101}; }};
  const engine::ExecRequest request{
      .command = {"sh", "-c", "until busybox stty size | grep '33 101'; do sleep 0.1; done"}, .tty = true};
  EXPECT_EQ(engine().converse_exec(name, request, conversation, sink(), {std::chrono::seconds(20), {}}), 0);
  EXPECT_NE(out.find("33 101"), std::string::npos) << out;
}

TEST_F(Talk, ExecInAContainerThatDoesNotRunIsRefused) {
  auto spec = shell("a", "true");
  engine().create_container(spec, call);
  EXPECT_THROW(engine().converse_exec(spec.name, {.command = {"true"}}, {}, sink(), call), EngineError);
}

TEST_F(Talk, AnExecThatLastsTooLongIsLeft) {
  const auto name = start("sleep 60");
  try {
    engine().converse_exec(name, {.command = {"sleep", "60"}}, {}, sink(),
                           {std::chrono::milliseconds(500), {}});
    FAIL() << "it ended";
  } catch (const EngineError& error) {
    EXPECT_EQ(error.fault(), Fault::timed_out);
  }
}

TEST_F(Talk, AttachedProgramReadsInputAndEnds) {
  auto spec = shell("a", "cat; echo end");
  spec.stdin_open = true;
  spec.stdin_once = true;
  engine().create_container(spec, call);
  const Input input("to the program\n");
  engine().converse(spec.name, {.input = input.descriptor()},
                    [&] { engine().start_container(spec.name, call); }, sink(),
                    {std::chrono::seconds(20), {}});
  EXPECT_EQ(out, "to the program\nend\n");
}

TEST_F(Talk, DetachedExecGoesOn) {
  const auto name = start("until test -f /tmp/flag; do sleep 0.05; done; exit 9");
  const auto exit = engine().arm_exit(name, call);
  engine().exec_detached(name, {.command = {"touch", "/tmp/flag"}}, call);
  EXPECT_EQ(exit->wait(call), 9);
}

TEST_F(Talk, ProcessesAndUseOfARunningContainer) {
  const auto name = start("exec sleep 61");
  const auto table = engine().processes(name, call);
  ASSERT_FALSE(table.rows.empty());
  ASSERT_EQ(table.rows[0].size(), table.titles.size());
  EXPECT_NE(table.rows[0].back().find("sleep 61"), std::string::npos);
  const auto use = engine().use_of(name, call);
  EXPECT_GT(use.cpu_time, 0);
  EXPECT_GT(use.system_time, use.cpu_time);
  EXPECT_GT(use.memory, 0);
  EXPECT_GE(use.memory_limit, use.memory);
  EXPECT_GE(use.processes, 1);
}

TEST_F(Talk, PathsAreFoldersFilesOrNothing) {
  const auto name = start("sleep 60");
  const auto folder = engine().find_path(name, "/etc", call);
  ASSERT_TRUE(folder);
  EXPECT_TRUE(folder->is_folder);
  const auto file = engine().find_path(name, "/etc/passwd", call);
  ASSERT_TRUE(file);
  EXPECT_FALSE(file->is_folder);
  EXPECT_EQ(file->name, "passwd");
  EXPECT_FALSE(engine().find_path(name, "/no/such/path", call));
}

}  // namespace
}  // namespace fresh::test
