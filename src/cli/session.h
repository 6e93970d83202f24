#pragma once

#include "base/clock.h"
#include "base/signals.h"
#include "cli/arguments.h"
#include "cli/painter.h"
#include "pipeline/event_bus.h"

#include <memory>

namespace fresh::cli {

/// What every verb that acts needs: the clock, the bus with a painter on it, and Ctrl-C as a stop request.
class Session {
 public:
  explicit Session(const Arguments& arguments);

  const base::Clock& clock() const { return clock_; }
  pipeline::EventBus& bus() { return bus_; }
  std::stop_token stop() const { return signals_.token(); }
  /// Requested by a second Ctrl-C.
  std::stop_token hurry() const { return signals_.second_token(); }

 private:
  base::SystemClock clock_;
  std::unique_ptr<Painter> painter_;
  pipeline::EventBus bus_;
  pipeline::EventBus::Subscription subscription_;
  base::SignalStop signals_;
};

}  // namespace fresh::cli
