#pragma once

#include "engine/engine.h"

#include <algorithm>
#include <chrono>

namespace fresh::engine {

/// A call's deadline shared by several requests or waits: what is left of it shrinks, to nothing.
class Budget {
 public:
  explicit Budget(const Call& call)
      : until_(std::chrono::steady_clock::now() + call.deadline), stop_(call.stop) {}
  Call left() const { return {time_left(), stop_}; }
  std::chrono::milliseconds time_left() const {
    using std::chrono::milliseconds;
    return std::max(std::chrono::ceil<milliseconds>(until_ - std::chrono::steady_clock::now()),
                    milliseconds(0));
  }

 private:
  std::chrono::steady_clock::time_point until_;
  std::stop_token stop_;
};

}  // namespace fresh::engine
