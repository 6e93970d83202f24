#include "base/signals.h"

#include "base/error.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace fresh::base {
namespace {

// The handler may only write to a pipe; the thread of SignalStop reads it.
std::atomic<int> wake_pipe{-1};

extern "C" void on_signal(int signal) {
  const int saved = errno;
  const auto byte = static_cast<char>(signal);
  [[maybe_unused]] const auto ignored = ::write(wake_pipe.load(), &byte, 1);
  errno = saved;
}

// Of the process, as signals are.
std::atomic<int> first_signal{0};

constexpr std::array<int, 2> watched{SIGINT, SIGTERM};

}  // namespace

struct SignalStop::State {
  std::stop_source source;
  std::stop_source second;
  std::atomic<int> first{0};
  std::array<int, 2> pipe{};
  std::array<struct sigaction, 2> previous{};
  std::thread thread;
};

SignalStop::SignalStop(std::function<void(int)> on_first, std::function<void(int)> on_second)
    : state_(std::make_unique<State>()) {
  if (::pipe2(state_->pipe.data(), O_CLOEXEC) != 0) {
    throw Error(ExitCode::precheck, "cannot make a pipe for signals");
  }
  wake_pipe = state_->pipe[1];
  first_signal = 0;
  state_->thread =
      std::thread([state = state_.get(), first = std::move(on_first), second = std::move(on_second)] {
        int count = 0;
        char signal = 0;
        while (true) {
          const ssize_t got = ::read(state->pipe[0], &signal, 1);
          if (got < 0 && errno == EINTR) {
            continue;
          }
          if (got <= 0 || signal == 0) {
            return;
          }
          ++count;
          if (count == 1) {
            state->first = signal;
            first_signal = signal;
            first(signal);
            state->source.request_stop();
          } else if (count == 2) {
            second(signal);
            state->second.request_stop();
          } else {
            ::_exit(128 + signal);
          }
        }
      });
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < watched.size(); ++i) {
    ::sigaction(watched[i], &action, &state_->previous[i]);
  }
}

SignalStop::~SignalStop() {
  for (std::size_t i = 0; i < watched.size(); ++i) {
    ::sigaction(watched[i], &state_->previous[i], nullptr);
  }
  const char end = 0;
  [[maybe_unused]] const auto ignored = ::write(state_->pipe[1], &end, 1);
  state_->thread.join();
  wake_pipe = -1;
  ::close(state_->pipe[0]);
  ::close(state_->pipe[1]);
}

std::stop_token SignalStop::token() const {
  return state_->source.get_token();
}

std::stop_token SignalStop::second_token() const {
  return state_->second.get_token();
}

int SignalStop::received() const {
  return state_->first;
}

ExitCode interruption_code() {
  return first_signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

}  // namespace fresh::base
