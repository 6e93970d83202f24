#pragma once

#include "base/clock.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace fresh::base {

/// Opens once, from any thread; others wait for it.
class Latch {
 public:
  void open() {
    const std::scoped_lock lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  /// False when `stop` came first.
  bool wait(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    return changed_.wait(lock, stop, [this] { return is_open_; });
  }
  /// False when `patience` ended first.
  bool wait_for(Milliseconds patience) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [this] { return is_open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_open_ = false;
};

}  // namespace fresh::base
