#pragma once

#include <chrono>
#include <stop_token>
#include <string>

namespace fresh::base {

using Milliseconds = std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

/// Time as a parameter: the one seam through which waiting and time stamps reach the program.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime wall() const = 0;
  virtual SteadyTime steady() const = 0;
  /// Waits for `duration` or until a stop is requested; false when it was stopped.
  virtual bool wait(Milliseconds duration, const std::stop_token& stop) const = 0;
};

/// The time of the machine; durations come from the monotonic clock.
class SystemClock final : public Clock {
 public:
  WallTime wall() const override;
  SteadyTime steady() const override;
  bool wait(Milliseconds duration, const std::stop_token& stop) const override;
};

/// RFC 3339 in UTC with milliseconds: `2026-11-21T06:19:14.123Z`.
std::string rfc3339(WallTime time);

/// A duration as people read it: `0.4s`, `12s`, `3m12s`, `1h02m`.
std::string shown(Milliseconds duration);

}  // namespace fresh::base
