#include "engine/run_to_end.h"

#include "base/error.h"
#include "support/fake_clock.h"
#include "support/fake_engine.h"

#include <gtest/gtest.h>

namespace fresh::engine {
namespace {

/// A wait for an exit that ends as the test says instead.
class BrokenExit final : public PendingExit {
 public:
  explicit BrokenExit(Fault fault) : fault_(fault) {}
  int wait(const Call& /*call*/) override {
    throw EngineError(base::ExitCode::deploy, fault_, 0, "it broke off");
  }

 private:
  Fault fault_;
};

class BrokenWaits final : public test::FakeEngine {
 public:
  std::optional<Fault> fault;
  std::unique_ptr<PendingExit> arm_exit(const std::string& container, const Call& call) override {
    return fault ? std::make_unique<BrokenExit>(*fault) : FakeEngine::arm_exit(container, call);
  }
};

class RunToEnd : public ::testing::Test {
 protected:
  RunToEnd() {
    engine_.add_image("x", std::string(64, 'a'));
    engine_.create_container({.name = "c", .image = "x"}, {});
  }
  RunEnd run() {
    return run_to_end(engine_, "c", std::chrono::seconds(5),
                      [this](Stream, std::string_view bytes) { output_ += bytes; }, clock_, {});
  }

  BrokenWaits engine_;
  test::FakeClock clock_;
  std::string output_;
};

TEST_F(RunToEnd, GivesTheOutputAndTheContainerAsItEnded) {
  engine_.behaviour("c").exit_code = 3;
  engine_.behaviour("c").out = "words\n";
  const RunEnd end = run();
  ASSERT_TRUE(end.container.has_value());
  EXPECT_TRUE(end.container->has_finished());
  EXPECT_EQ(end.container->exit_code, 3);
  EXPECT_EQ(output_, "words\n");
  EXPECT_EQ(end.output_lost, "");
  EXPECT_EQ(end.wait_lost, "");
  EXPECT_FALSE(end.killed_at_deadline);
}

TEST_F(RunToEnd, AWaitThatBreaksIsNoTimeOut) {
  engine_.fault = Fault::cut;
  engine_.behaviour("c").exit_code = 0;
  const RunEnd end = run();
  EXPECT_FALSE(end.killed_at_deadline);
  EXPECT_EQ(end.wait_lost, "it broke off");
  EXPECT_TRUE(end.container->has_finished());
}

TEST_F(RunToEnd, AtTheDeadlineTheContainerIsKilled) {
  engine_.fault = Fault::timed_out;
  const RunEnd end = run();
  EXPECT_TRUE(end.killed_at_deadline);
  EXPECT_EQ(end.wait_lost, "");
  EXPECT_NE(end.container->state, "running");
}

TEST_F(RunToEnd, AWaitThatBreaksAndAContainerThatGoesOnEndAtTheDeadline) {
  engine_.fault = Fault::unreachable;
  const RunEnd end = run();
  EXPECT_TRUE(end.killed_at_deadline);
  EXPECT_EQ(end.wait_lost, "it broke off");
}

TEST_F(RunToEnd, ARefusedStartIsThrownAndTheGuardRemovesTheContainer) {
  engine_.behaviour("c").start_error = EngineError(base::ExitCode::deploy, Fault::failed, 500, "no");
  {
    const ContainerGuard guard(engine_, "c");
    EXPECT_THROW(run(), EngineError);
  }
  EXPECT_FALSE(engine_.find_container("c", {}).has_value());
}

}  // namespace
}  // namespace fresh::engine
