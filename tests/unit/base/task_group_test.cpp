#include "base/task_group.h"

#include "base/error.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>

namespace fresh::base {
namespace {

/// Waits for the stop and nothing else.
void until_stopped(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait(lock, stop, [] { return false; });
}

TEST(TaskGroup, waits_for_all) {
  std::atomic<int> done = 0;
  TaskGroup group;
  for (int i = 0; i < 10; ++i) {
    group.start([&](const std::stop_token&) { ++done; });
  }
  group.join();
  EXPECT_EQ(done, 10);
}

TEST(TaskGroup, the_first_failure_stops_the_others_and_is_rethrown) {
  TaskGroup group;
  group.start([](const std::stop_token& stop) {
    until_stopped(stop);
    throw Error(ExitCode::bug, "second");
  });
  group.start([](const std::stop_token&) { throw Error(ExitCode::bug, "first"); });
  try {
    group.join();
    FAIL() << "no failure";
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "first");
  }
}

TEST(TaskGroup, passes_the_stop_of_the_caller_on) {
  std::stop_source source;
  TaskGroup group(source.get_token());
  group.start([](const std::stop_token& stop) { until_stopped(stop); });
  source.request_stop();
  group.join();
  EXPECT_TRUE(group.token().stop_requested());
}

TEST(TaskGroup, a_stop_from_before_is_seen_too) {
  std::stop_source source;
  source.request_stop();
  EXPECT_TRUE(TaskGroup(source.get_token()).token().stop_requested());
}

TEST(TaskGroup, its_end_stops_and_waits) {
  std::atomic<bool> stopped = false;
  {
    TaskGroup group;
    group.start([&](const std::stop_token& stop) {
      until_stopped(stop);
      stopped = true;
    });
  }
  EXPECT_TRUE(stopped);
}

TEST(TaskGroup, tasks_work_under_the_intent_of_who_started_them) {
  DoingStack seen;
  TaskGroup group;
  {
    const Doing doing("bringing up the stack");
    group.start([&](const std::stop_token&) { seen = Doing::stack(); });
  }
  group.join();
  EXPECT_EQ(seen, DoingStack{"bringing up the stack"});
}

TEST(TaskGroup, tasks_may_start_tasks) {
  std::atomic<int> done = 0;
  TaskGroup group;
  for (int i = 0; i < 8; ++i) {
    group.start([&](const std::stop_token&) {
      for (int j = 0; j < 8; ++j) {
        group.start([&](const std::stop_token&) { ++done; });
      }
    });
  }
  group.join();
  EXPECT_EQ(done, 64);
}

TEST(TaskGroup, can_be_used_again_after_a_join) {
  std::atomic<int> done = 0;
  TaskGroup group;
  group.start([&](const std::stop_token&) { ++done; });
  group.join();
  group.start([&](const std::stop_token& stop) { done += stop.stop_requested() ? 100 : 1; });
  group.join();
  EXPECT_EQ(done, 2);
}

}  // namespace
}  // namespace fresh::base
