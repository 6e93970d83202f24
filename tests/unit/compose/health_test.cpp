#include "compose/health.h"

#include "base/error.h"
#include "support/fake_clock.h"
#include "support/fake_engine.h"

#include <gtest/gtest.h>

namespace fresh::compose {
namespace {

using base::Milliseconds;

GatePolicy policy(int interval_ms, int retries, int start_period_ms = 0) {
  GatePolicy result;
  result.check.test = {"CMD", "check"};
  result.check.interval = Milliseconds(interval_ms);
  result.check.retries = retries;
  result.check.start_period = Milliseconds(start_period_ms);
  return result;
}

/// The times of the probes and the verdict, when every probe fails.
std::pair<std::vector<std::int64_t>, Health> all_failing(const GatePolicy& gate, std::size_t most) {
  GateJudge judge(gate);
  Milliseconds now(0);
  std::vector<std::int64_t> times;
  Health health = Health::undecided;
  while (health == Health::undecided && times.size() < most) {
    now += judge.next_pause();
    times.push_back(now.count());
    health = judge.record(false, now);
  }
  return {times, health};
}

TEST(GateJudge, ProbesSoonAndThenBacksOff) {
  const auto [times, health] = all_failing(policy(10'000, 3), 5);
  EXPECT_EQ(times, (std::vector<std::int64_t>{10, 110, 360, 860, 1360}));
  EXPECT_EQ(health, Health::undecided);
}

TEST(GateJudge, NeverWaitsLongerThanTheInterval) {
  const auto [times, health] = all_failing(policy(200, 100), 4);
  EXPECT_EQ(times, (std::vector<std::int64_t>{10, 110, 310, 510}));
}

TEST(GateJudge, CountsAFailureOncePerInterval) {
  const auto [times, health] = all_failing(policy(1'000, 3), 100);
  EXPECT_EQ(health, Health::unhealthy);
  EXPECT_GE(times.back(), 3'000);
  EXPECT_LT(times.back(), 4'500);
}

TEST(GateJudge, FailuresInTheStartPeriodDoNotCount) {
  const auto [times, health] = all_failing(policy(500, 2, 10'000), 100);
  EXPECT_EQ(health, Health::unhealthy);
  EXPECT_GE(times.back(), 10'000);
}

TEST(GateJudge, ASuccessInTheStartPeriodOpensAtOnce) {
  const GatePolicy gate = policy(500, 2, 10'000);
  GateJudge judge(gate);
  EXPECT_EQ(judge.record(false, Milliseconds(100)), Health::undecided);
  EXPECT_EQ(judge.record(true, Milliseconds(350)), Health::healthy);
}

TEST(GateJudge, AsksForConsecutiveSuccesses) {
  GatePolicy gate = policy(500, 2);
  gate.consecutive = 2;
  GateJudge judge(gate);
  EXPECT_EQ(judge.record(true, Milliseconds(100)), Health::undecided);
  EXPECT_EQ(judge.record(false, Milliseconds(200)), Health::undecided);
  EXPECT_EQ(judge.record(true, Milliseconds(300)), Health::undecided);
  EXPECT_EQ(judge.record(true, Milliseconds(400)), Health::healthy);
}

TEST(GateJudge, TheTimeoutEndsIt) {
  GatePolicy gate = policy(10'000, 100);
  gate.timeout = Milliseconds(1'000);
  const auto [times, health] = all_failing(gate, 100);
  EXPECT_EQ(health, Health::late);
  EXPECT_EQ(times.back(), 1'360);
}

class WaitHealthy : public testing::Test {
 protected:
  WaitHealthy() {
    engine_.add_image("x", "1");
    engine_.create_container({.name = "c", .image = "x"}, {});
    engine_.start_container("c", {});
  }
  GateResult wait(const GatePolicy& gate) {
    return wait_healthy(engine_, "c", gate, "service:c", clock_,
                        [this](const base::Event& event) { said_.push_back(event.type + " " + event.text); },
                        {});
  }
  test::FakeEngine engine_;
  test::FakeClock clock_;
  std::vector<std::string> said_;
};

TEST_F(WaitHealthy, OpensAtTheFirstSuccess) {
  engine_.behaviour("c").probes = {{1, "refused\n"}, {1, "refused\n"}, {0, "fine"}};
  const GateResult result = wait(policy(30'000, 3));
  EXPECT_EQ(result.health, Health::healthy);
  EXPECT_EQ(result.probes, 3);
  EXPECT_EQ(result.took, Milliseconds(360));
  EXPECT_EQ(said_, std::vector<std::string>{"waiting refused"});
}

TEST_F(WaitHealthy, AContainerThatEndsIsAFailureAtOnce) {
  engine_.behaviour("c").probes = {{1, "no"}};
  engine_.behaviour("c").ends_at_probe = 2;
  engine_.behaviour("c").exit_code = 3;
  const GateResult result = wait(policy(30'000, 3));
  EXPECT_EQ(result.health, Health::unhealthy);
  ASSERT_TRUE(result.ended.has_value());
  EXPECT_EQ(result.ended->exit_code, 3);
  EXPECT_EQ(result.probes, 2);
}

TEST_F(WaitHealthy, AStopInterrupts) {
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(wait_healthy(engine_, "c", policy(1'000, 3), "service:c", clock_, base::ignore_event,
                            source.get_token()),
               base::Interrupted);
}

}  // namespace
}  // namespace fresh::compose
