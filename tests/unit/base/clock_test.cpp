#include "base/clock.h"

#include <gtest/gtest.h>

namespace fresh::base {
namespace {

WallTime at(std::int64_t milliseconds) {
  return WallTime(std::chrono::duration_cast<WallTime::duration>(Milliseconds(milliseconds)));
}

TEST(Rfc3339, is_utc_with_milliseconds) {
  EXPECT_EQ(rfc3339(at(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(at(1'795'241'954'123)), "2026-11-21T06:19:14.123Z");
  EXPECT_EQ(rfc3339(at(951'782'399'999)), "2000-02-28T23:59:59.999Z");
  EXPECT_EQ(rfc3339(at(951'782'400'000)), "2000-02-29T00:00:00.000Z");
}

TEST(Rfc3339, before_the_epoch_goes_backwards) {
  EXPECT_EQ(rfc3339(at(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Shown, is_a_duration_as_people_read_it) {
  EXPECT_EQ(shown(Milliseconds(0)), "0.0s");
  EXPECT_EQ(shown(Milliseconds(449)), "0.4s");
  EXPECT_EQ(shown(Milliseconds(9'999)), "9.9s");
  EXPECT_EQ(shown(Milliseconds(10'000)), "10s");
  EXPECT_EQ(shown(Milliseconds(59'999)), "59s");
  EXPECT_EQ(shown(Milliseconds(60'000)), "1m00s");
  EXPECT_EQ(shown(Milliseconds(192'000)), "3m12s");
  EXPECT_EQ(shown(Milliseconds(3'720'000)), "1h02m");
  EXPECT_EQ(shown(Milliseconds(-1'500)), "0.0s");
}

TEST(SystemClock, waits_its_time_out) {
  const SystemClock clock;
  const SteadyTime begin = clock.steady();
  EXPECT_TRUE(clock.wait(Milliseconds(1), {}));
  EXPECT_GE(clock.steady() - begin, Milliseconds(1));
}

TEST(SystemClock, a_stop_ends_the_wait) {
  const SystemClock clock;
  std::stop_source source;
  source.request_stop();
  EXPECT_FALSE(clock.wait(std::chrono::hours(1), source.get_token()));
}

}  // namespace
}  // namespace fresh::base
