#include "engine/unix_connection.h"

#include "base/clock.h"
#include "engine/budget.h"
#include "engine/unreachable.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace fresh::engine {
namespace {

using base::ExitCode;
using base::Milliseconds;

constexpr Milliseconds queue_pause(10);
constexpr Milliseconds longest_poll(60'000);

/// 0, or the error of connect(2).
int connect_to(int socket, const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return ENAMETOOLONG;
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  return ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
}

bool is_ready(const pollfd& entry, short event) {
  return (entry.revents & (event | POLLHUP | POLLERR)) != 0;
}

}  // namespace

UnixConnection::UnixConnection(const std::string& path, const Call& call, const std::string& peer,
                               const std::function<void()>& out_of_time)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  try {
    if (socket_ < 0 || wake_ < 0) {
      throw base::Error(ExitCode::precheck,
                        fmt::format("no connection can be opened: {}", std::strerror(errno)),
                        "raise the limit of open files: ulimit -n");
    }
    const Budget budget(call);
    const base::SystemClock clock;
    int error = connect_to(socket_, path);
    while (error == EAGAIN || error == EINTR) {
      if (budget.time_left().count() == 0) {
        out_of_time();
      }
      if (!clock.wait(std::min(queue_pause, budget.time_left()), call.stop)) {
        throw base::Interrupted(fmt::format("connecting to '{}'", path));
      }
      error = connect_to(socket_, path);
    }
    if (error != 0) {
      const auto [reason, hint] = explain_unreachable(path, error);
      throw EngineError(ExitCode::machine, Fault::unreachable, 0,
                        fmt::format("no {} answers at 'unix://{}': {}", peer, path, reason), hint);
    }
  } catch (...) {
    ::close(socket_);
    ::close(wake_);
    throw;
  }
}

UnixConnection::~UnixConnection() {
  ::close(socket_);
  ::close(wake_);
}

bool UnixConnection::is_idle() const {
  char byte = 0;
  return ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

Readiness UnixConnection::wait(bool to_write, int other, Milliseconds span, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { ::eventfd_write(wake_, 1); });
  std::array<pollfd, 3> entries{pollfd{socket_, static_cast<short>(to_write ? POLLIN | POLLOUT : POLLIN), 0},
                                pollfd{wake_, POLLIN, 0}, pollfd{other, POLLIN, 0}};
  if (::poll(entries.data(), entries.size(), static_cast<int>(std::min(span, longest_poll).count())) <= 0) {
    return {};
  }
  return {.can_read = is_ready(entries[0], POLLIN),
          .can_write = to_write && is_ready(entries[0], POLLOUT),
          .can_read_other = other >= 0 && is_ready(entries[2], POLLIN)};
}

long UnixConnection::send(std::string_view bytes) {
  const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : sent;
}

long UnixConnection::receive(char* bytes, std::size_t count) {
  return ::recv(socket_, bytes, count, MSG_DONTWAIT);
}

void UnixConnection::end_sending() {
  ::shutdown(socket_, SHUT_WR);
}

}  // namespace fresh::engine
