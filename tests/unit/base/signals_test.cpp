#include "base/signals.h"

#include <gtest/gtest.h>

#include <csignal>
#include <future>

namespace fresh::base {
namespace {

TEST(SignalStop, the_first_signal_speaks_and_stops_the_second_speaks) {
  std::promise<int> first;
  std::promise<int> second;
  SignalStop signals([&](int signal) { first.set_value(signal); },
                     [&](int signal) { second.set_value(signal); });
  EXPECT_FALSE(signals.token().stop_requested());
  EXPECT_EQ(signals.received(), 0);

  std::promise<void> stopped;
  const std::stop_callback on_stop(signals.token(), [&] { stopped.set_value(); });
  ::raise(SIGTERM);
  EXPECT_EQ(first.get_future().get(), SIGTERM);
  stopped.get_future().get();
  EXPECT_EQ(signals.received(), SIGTERM);

  ::raise(SIGINT);
  EXPECT_EQ(second.get_future().get(), SIGINT);
  EXPECT_EQ(signals.received(), SIGTERM);
}

TEST(SignalStop, gives_the_signals_back) {
  struct sigaction before {};
  ::sigaction(SIGINT, nullptr, &before);
  {
    const SignalStop signals([](int) {}, [](int) {});
  }
  struct sigaction after {};
  ::sigaction(SIGINT, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
}

TEST(SignalStopDeathTest, the_third_signal_ends_the_process) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        std::promise<void> first;
        std::promise<void> second;
        const SignalStop signals([&](int) { first.set_value(); }, [&](int) { second.set_value(); });
        ::raise(SIGINT);
        first.get_future().get();
        ::raise(SIGINT);
        second.get_future().get();
        ::raise(SIGINT);
        ::pause();
      },
      testing::ExitedWithCode(130), "");
}

}  // namespace
}  // namespace fresh::base
