#pragma once

#include "base/clock.h"
#include "base/event.h"

#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace fresh::pipeline {

/// Says on long waits what is waited for: when nothing was heard for `silence`, publishes a `waiting` event
/// that names each open step with its age and what it last said of itself.
class Heartbeat {
 public:
  Heartbeat(base::EventSink publish, const base::Clock& clock, base::Milliseconds silence);

  /// To be called with every event.
  void hear(const base::Event& event);

  /// The text for `now`: `waiting for service:db (41s: connection refused)`; empty when no step is open.
  std::string text(base::SteadyTime now) const;

 private:
  struct Open {
    base::SteadyTime since;
    std::string text;
  };

  void watch(const std::stop_token& stop);

  base::EventSink publish_;
  const base::Clock& clock_;
  base::Milliseconds silence_;
  mutable std::mutex mutex_;
  std::map<std::string, Open> open_;
  base::SteadyTime last_heard_;
  std::jthread thread_;
};

}  // namespace fresh::pipeline
