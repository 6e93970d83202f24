#pragma once

#include "base/exit_code.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace fresh::base {

/// Turns SIGINT and SIGTERM into a stop request while it lives. The first signal calls `on_first` and
/// requests the stop, the second calls `on_second`, the third ends the process at once with 128 + the
/// signal's number. One at a time.
class SignalStop {
 public:
  SignalStop(std::function<void(int signal)> on_first, std::function<void(int signal)> on_second);
  SignalStop(const SignalStop&) = delete;
  SignalStop& operator=(const SignalStop&) = delete;
  ~SignalStop();

  std::stop_token token() const;
  /// Requested by the second signal.
  std::stop_token second_token() const;
  /// The first signal received, 0 for none.
  int received() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The exit code of what a signal ended: `terminated` when the first one was SIGTERM, else `interrupted`.
ExitCode interruption_code();

}  // namespace fresh::base
