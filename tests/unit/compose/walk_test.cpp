#include "compose/walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace fresh::compose {
namespace {

/// Steps of one kind that need nothing of each other.
Plan steps_of(Verb verb, std::size_t count) {
  Plan plan;
  for (std::size_t i = 0; i < count; ++i) {
    plan.steps.push_back({.verb = verb,
                          .subject = "service:a:1",
                          .cause = "down",
                          .after = {},
                          .request = Stop{"shop-a-1", {}},
                          .service = "a"});
  }
  return plan;
}

class Together : public testing::TestWithParam<Verb> {};

TEST_P(Together, GoOnAllAtOnce) {
  constexpr std::size_t count = 6;
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t together = 0;
  std::size_t met_all = 0;
  walk(steps_of(GetParam(), count), 1, {}, [&](const Step& /*step*/, const std::stop_token& /*stop*/) {
    std::unique_lock lock(mutex);
    ++together;
    changed.notify_all();
    met_all += changed.wait_for(lock, std::chrono::seconds(20), [&] { return together == count; }) ? 1U : 0U;
  });
  EXPECT_EQ(met_all, count);
}

INSTANTIATE_TEST_SUITE_P(StopsAndRemovals, Together, testing::Values(Verb::stop, Verb::remove));

TEST(Walk, CreationsGoOnAFewAtATime) {
  std::mutex mutex;
  std::size_t now = 0;
  std::size_t most = 0;
  std::size_t done = 0;
  walk(steps_of(Verb::create, 20), 2, {}, [&](const Step& /*step*/, const std::stop_token& /*stop*/) {
    {
      const std::scoped_lock lock(mutex);
      most = std::max(most, ++now);
    }
    const std::scoped_lock lock(mutex);
    --now;
    ++done;
  });
  EXPECT_EQ(done, 20U);
  EXPECT_LE(most, 2U);
}

}  // namespace
}  // namespace fresh::compose
