#include "base/clock.h"

#include <fmt/core.h>

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <mutex>

namespace fresh::base {

WallTime SystemClock::wall() const {
  return std::chrono::system_clock::now();
}

SteadyTime SystemClock::steady() const {
  return std::chrono::steady_clock::now();
}

bool SystemClock::wait(Milliseconds duration, const std::stop_token& stop) const {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

std::string rfc3339(WallTime time) {
  const auto since_epoch = std::chrono::floor<Milliseconds>(time).time_since_epoch().count();
  const auto milliseconds = ((since_epoch % 1000) + 1000) % 1000;
  const std::time_t seconds = (since_epoch - milliseconds) / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, milliseconds);
}

std::string shown(Milliseconds duration) {
  const auto milliseconds = std::max(duration, Milliseconds(0)).count();
  if (milliseconds < 10'000) {
    return fmt::format("{}.{}s", milliseconds / 1000, (milliseconds % 1000) / 100);
  }
  const auto seconds = milliseconds / 1000;
  if (seconds < 60) {
    return fmt::format("{}s", seconds);
  }
  if (seconds < 3600) {
    return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  }
  return fmt::format("{}h{:02}m", seconds / 3600, (seconds % 3600) / 60);
}

}  // namespace fresh::base
