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

TEST(Walk, WhatHasToWaitAnywayIsMadeOneAtATimeUntilItsGateOpens) {
  const auto step = [](Verb verb, std::vector<std::size_t> after) {
    return Step{.verb = verb,
                .subject = "service:a:1",
                .cause = "does not exist",
                .after = std::move(after),
                .request = Start{"shop-a-1"},
                .service = "a"};
  };
  Plan plan;
  plan.steps = {step(Verb::create, {}), step(Verb::start, {0}), step(Verb::probe, {1})};
  constexpr std::size_t followers = 6;
  for (std::size_t i = 0; i < followers; ++i) {
    plan.steps.push_back(step(Verb::create, {}));
    plan.steps.push_back(step(Verb::start, {2, plan.steps.size() - 1}));
  }
  std::mutex mutex;
  std::condition_variable changed;
  bool is_probing = false;
  bool is_open = false;
  bool have_met = false;
  std::size_t now = 0;
  std::size_t most_before = 0;
  std::size_t made = 0;
  const auto eventually = [&](std::unique_lock<std::mutex>& lock, const auto& condition) {
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), condition));
  };
  walk(plan, 4, {}, [&](const Step& done, const std::stop_token& /*stop*/) {
    std::unique_lock lock(mutex);
    if (done.verb == Verb::probe) {
      is_probing = true;
      changed.notify_all();
      eventually(lock, [&] { return made >= 2; });
      is_open = true;
    } else if (done.verb == Verb::create && &done != plan.steps.data()) {
      ++now;
      if (is_open) {
        have_met = have_met || now > 1;
        changed.notify_all();
        eventually(lock, [&] { return have_met; });
      } else {
        most_before = std::max(most_before, now);
        changed.notify_all();
        // More than one would come while the first waits.
        eventually(lock, [&] { return is_probing || most_before > 1; });
        if (made >= 2) {
          eventually(lock, [&] { return is_open; });
        }
      }
      --now;
      ++made;
    }
    changed.notify_all();
  });
  EXPECT_EQ(made, followers);
  EXPECT_EQ(most_before, 1U);
}

}  // namespace
}  // namespace fresh::compose
