#pragma once

#include "base/clock.h"

#include <atomic>

namespace fresh::test {

/// A clock that stands still until somebody waits: then it jumps.
class FakeClock final : public base::Clock {
 public:
  base::WallTime wall() const override { return base::WallTime{base::Milliseconds(now_.load())}; }
  base::SteadyTime steady() const override { return base::SteadyTime{base::Milliseconds(now_.load())}; }
  bool wait(base::Milliseconds duration, const std::stop_token& stop) const override {
    now_ += duration.count();
    return !stop.stop_requested();
  }

 private:
  mutable std::atomic<std::int64_t> now_{0};
};

}  // namespace fresh::test
