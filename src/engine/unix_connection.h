#pragma once

#include "base/clock.h"
#include "engine/engine.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace fresh::engine {

/// What a wait for a connection ended with; both `can_read` and `can_write` may hold.
struct Readiness {
  bool can_read = false;  ///< bytes have come, or the other side ended
  bool can_write = false;
  bool can_read_other = false;  ///< the other descriptor that was watched
};

/// A connected unix socket that does not block, with a wait that a stop request ends at once.
class UnixConnection {
 public:
  /// Connects; waits while the listener's queue is full. Throws EngineError (unreachable, with what helps)
  /// and base::Interrupted; at the deadline calls `out_of_time`, which throws.
  UnixConnection(const std::string& path, const Call& call, const std::string& peer,
                 const std::function<void()>& out_of_time);
  UnixConnection(const UnixConnection&) = delete;
  UnixConnection& operator=(const UnixConnection&) = delete;
  ~UnixConnection();

  /// False when the other side ended it, or sent what nobody asked for.
  bool is_idle() const;

  /// Until the connection can be read, or written where `to_write`, or `other` (a descriptor, -1: none) can
  /// be read; nothing is ready when `span` ended first. A requested stop returns at once.
  Readiness wait(bool to_write, int other, base::Milliseconds span, const std::stop_token& stop);

  /// Bytes that were sent, 0 when none could be now, -1 with errno when none ever will.
  long send(std::string_view bytes);
  /// As recv(2): 0 at the end; -1 with errno, EAGAIN when nothing has come.
  long receive(char* bytes, std::size_t count);
  /// Tells the other side that no more will be sent.
  void end_sending();

 private:
  int socket_ = -1;
  int wake_ = -1;  ///< an eventfd that a stop request makes readable
};

}  // namespace fresh::engine
