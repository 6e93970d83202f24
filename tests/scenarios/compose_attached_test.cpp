// An `up` that stays: what the containers write, their ends, Ctrl-C.
#include "scenarios/compose_stack.h"

#include <csignal>

namespace fresh::test {
namespace {

class Attached : public ComposeStack {
 protected:
  std::string out_of(const Program& program) const {
    return base::read_file_if_exists(program.out_file()).value_or("");
  }
  bool shows(const Program& program, const std::string& words) const {
    return eventually([&] { return out_of(program).find(words) != std::string::npos; },
                      std::chrono::seconds(30));
  }
};

TEST_F(Attached, ctrl_c_stops_the_stack_gracefully) {
  stack(R"(services:
  db: {<<: *base, stop_signal: SIGTERM, command: [sh, -c, 'trap "echo bye; exit 0" TERM; echo from db; sleep 600 & wait']}
  web: {<<: *base, depends_on: [db], command: [sh, -c, 'echo from web; sleep 600']}
)");
  const auto program = project.start({"up", "--attach-dependencies"});
  EXPECT_TRUE(shows(*program, "db | from db\n"));
  EXPECT_TRUE(shows(*program, "web | from web\n"));
  program->signal(SIGINT);
  const auto ended = program->wait(std::chrono::seconds(60));
  EXPECT_EQ(ended.exit_code, 130) << ended.err;
  EXPECT_TRUE(says(ended.out, "db | bye\n"));
  EXPECT_TRUE(says(ended.out, "db exited with code 0\n"));
  EXPECT_TRUE(says(ended.out, "web exited with code 137"));
  EXPECT_TRUE(eventually([this] { return state_of("shop-db-1") == "exited"; }, std::chrono::seconds(20)));
  EXPECT_EQ(state_of("shop-web-1"), "exited");
}

TEST_F(Attached, a_second_ctrl_c_kills) {
  stack(
      "services:\n  db: {<<: *base, stop_signal: SIGTERM, stop_grace_period: 10m, command: [sh, -c, "
      "'trap \"echo no\" TERM; echo up; while :; do sleep 600 & wait; done']}\n");
  const auto program = project.start({"up", "--attach", "db"});
  ASSERT_TRUE(shows(*program, "db | up\n"));
  program->signal(SIGINT);
  ASSERT_TRUE(shows(*program, "db | no\n"));
  program->signal(SIGINT);
  const auto ended = program->wait(std::chrono::seconds(60));
  EXPECT_EQ(ended.exit_code, 130) << ended.err;
  EXPECT_TRUE(says(ended.out, "db exited with code 137"));
  EXPECT_TRUE(eventually([this] { return state_of("shop-db-1") == "exited"; }, std::chrono::seconds(20)));
}

TEST_F(Attached, ctrl_c_during_the_bring_up_stops_what_was_started) {
  stack("services:\n  db: {<<: *base, healthcheck: {test: [CMD, 'false'], interval: 1s, retries: 600}}\n");
  const auto program = project.start({"up", "--attach", "db"});
  ASSERT_TRUE(eventually([this] { return state_of("shop-db-1") == "running"; }, std::chrono::seconds(30)));
  program->signal(SIGINT);
  EXPECT_EQ(program->wait(std::chrono::seconds(60)).exit_code, 130);
  EXPECT_TRUE(eventually([this] { return state_of("shop-db-1") == "exited"; }, std::chrono::seconds(20)));
}

TEST_F(Attached, the_exit_code_is_that_of_the_service_asked_for) {
  stack(R"(services:
  init: {<<: *base, command: [echo, made]}
  web: {<<: *base, depends_on: {init: {condition: service_completed_successfully}}}
  tests: {<<: *base, depends_on: [web], command: [sh, -c, 'echo checking; exit 7']}
)");
  const auto ended = expect(7, {"up", "--exit-code-from", "tests"});
  EXPECT_TRUE(says(ended.out, "init | made\n"));
  EXPECT_TRUE(says(ended.out, "tests | checking\n"));
  EXPECT_TRUE(says(ended.out, "tests exited with code 7\n"));
  EXPECT_EQ(state_of("shop-web-1"), "exited");
  EXPECT_TRUE(
      says(expect(7, {"up", "--abort-on-container-exit", "--no-attach", "web"}).out, "tests | checking\n"));
  EXPECT_EQ(state_of("shop-web-1"), "exited");
  EXPECT_TRUE(says(expect(2, {"up", "--exit-code-from", "test"}).err, "did you mean 'tests'?"));
}

TEST_F(Attached, only_what_was_asked_for_is_shown) {
  stack(R"(services:
  a: {<<: *base, command: [echo, from a]}
  b: {<<: *base, command: [echo, from b], depends_on: [a]}
  c: {<<: *base, command: [echo, from c], attach: false}
)");
  const auto lines = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"up", "--force-recreate"});
    const std::string out = expect(0, flags).out;
    std::string shown;
    for (const char* name : {"a", "b", "c"}) {
      shown += out.find(std::string("from ") + name + "\n") == std::string::npos ? "" : name;
    }
    return shown;
  };
  EXPECT_EQ(lines({"--attach-dependencies"}), "ab");
  EXPECT_EQ(lines({"--attach", "c"}), "c");
  EXPECT_EQ(lines({"--no-attach", "a"}), "b");
  EXPECT_EQ(lines({"--no-attach", "c", "b"}), "b");
  EXPECT_EQ(lines({"--attach-dependencies", "b"}), "ab");
  EXPECT_TRUE(says(expect(0, {"up", "--no-log-prefix", "--force-recreate", "a"}).out,
                   "from a\na exited with code 0\n"));
  const std::string timed = expect(0, {"up", "--timestamps", "--force-recreate", "a"}).out;
  EXPECT_TRUE(says(timed, "a | 20"));
  EXPECT_TRUE(says(timed, "Z from a\n"));
}

TEST_F(Attached, a_container_that_fails_by_itself_is_a_failure) {
  stack("services:\n  a: {<<: *base, command: [sh, -c, 'echo oh; exit 3'], restart: 'on-failure:2'}\n");
  const auto ended = expect(30, {"up", "--attach", "a"});
  EXPECT_TRUE(says(ended.err, "exited with code 3"));
  EXPECT_TRUE(says(ended.out, "a | oh\n"));
}

TEST_F(Attached, what_ran_already_is_followed_and_others_may_stop_it) {
  stack("services:\n  a: {<<: *base, command: [sh, -c, 'while :; do echo tick; sleep 0.2; done']}\n");
  expect(0, {"up"});
  const auto before = ids();
  const auto program = project.start({"up", "--attach", "a"});
  EXPECT_TRUE(shows(*program, "a | tick\n"));
  EXPECT_EQ(ids(), before);
  expect(0, {"stop", "a"});
  EXPECT_EQ(program->wait(std::chrono::seconds(60)).exit_code, 30);
  EXPECT_TRUE(says(out_of(*program), "a exited with code 1"));
}

}  // namespace
}  // namespace fresh::test
