#pragma once

#include "engine/http.h"
#include "engine/unix_connection.h"

#include <functional>
#include <string>
#include <string_view>

namespace fresh::engine {

/// A connection that the engine hands over to the program in a container (Docker Engine API,
/// ContainerAttach): after the header of its answer, bytes go both ways until one side ends.
class Hijack {
 public:
  /// Connects to the unix socket, sends the request with `Connection: Upgrade` and reads the answer's header.
  /// Any status is an answer; that of a refusal has its body. Throws EngineError(unreachable, timed_out,
  /// cut), Interrupted.
  Hijack(const std::string& socket_path, const Request& request, const Call& call);

  const Answer& answer() const { return answer_; }

  /// Carries bytes until the engine closes its side: from `input` to the program (its end is told to the
  /// program; -1: none), from the program to `on_bytes`. `on_tick` is called a few times a second. Throws
  /// EngineError(timed_out) at the deadline, Interrupted on stop.
  void carry(int input, const std::function<void(std::string_view)>& on_bytes,
             const std::function<void()>& on_tick, const Call& call);

 private:
  std::string what_;
  UnixConnection connection_;
  std::string received_;  ///< not yet consumed
  Answer answer_;
};

}  // namespace fresh::engine
