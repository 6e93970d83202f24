#include "engine/hijack.h"

#include "base/clock.h"
#include "base/lines.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace fresh::engine {
namespace {

using base::ExitCode;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t header_limit = 64UL * 1024;
constexpr std::size_t piece_size = 32UL * 1024;
constexpr milliseconds tick(250);

[[noreturn]] void cut(const std::string& what, std::string_view why) {
  throw EngineError(ExitCode::machine, Fault::cut, 0,
                    fmt::format("the engine's answer to {} broke off: {}", what, why),
                    "look whether the engine was stopped or killed");
}

/// What is left of a deadline, never less than nothing.
class Deadline {
 public:
  explicit Deadline(milliseconds span) : begun_(steady_clock::now()), span_(span) {}
  milliseconds left() const {
    return std::max(span_ - std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun_),
                    milliseconds(0));
  }

 private:
  steady_clock::time_point begun_;
  milliseconds span_;
};

bool readable(const pollfd& entry) {
  return (entry.revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

/// Sends what the socket takes now and removes it from `pending`; false when the other side reads no more.
bool send_some(int socket, std::string& pending) {
  const auto sent = ::send(socket, pending.data(), pending.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) {
    pending.erase(0, static_cast<std::size_t>(sent));
  }
  return sent >= 0 || errno == EAGAIN || errno == EINTR;
}

}  // namespace

/// A descriptor that becomes readable when a stop is asked for.
class Hijack::Wake {
 public:
  explicit Wake(const std::stop_token& stop)
      : descriptor_(::eventfd(0, EFD_CLOEXEC)), callback_(stop, [this] { ::eventfd_write(descriptor_, 1); }) {
    if (descriptor_ < 0) {
      throw base::Error(ExitCode::bug, "no eventfd is left");
    }
  }
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;
  ~Wake() { ::close(descriptor_); }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
  std::stop_callback<std::function<void()>> callback_;
};

Hijack::Hijack(const std::string& socket_path, const Request& request, const Call& call)
    : what_(fmt::format("{} {}", request.method, request.target.substr(0, request.target.find('?')))) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool connected = socket_ >= 0 && socket_path.size() < sizeof address.sun_path;
  if (connected) {
    std::memcpy(address.sun_path, socket_path.c_str(), socket_path.size());
    connected = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  try {
    if (!connected) {
      const auto [reason, hint] = explain_unreachable(socket_path);
      throw EngineError(ExitCode::machine, Fault::unreachable, 0,
                        fmt::format("no engine answers at 'unix://{}': {}", socket_path, reason), hint);
    }
    send_all(
        fmt::format("{} {} HTTP/1.1\r\nHost: engine\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
                    "Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n{}",
                    request.method, request.target, request.content_type, request.body.size(), request.body),
        call);
    read_header(call);
    if (answer_.status != 101 && answer_.status != 200) {
      read_body(call);
    }
  } catch (...) {
    ::close(socket_);
    throw;
  }
}

Hijack::~Hijack() {
  ::close(socket_);
}

void Hijack::send_all(std::string_view bytes, const Call& call) {
  const Deadline deadline(call.deadline);
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN && deadline.left().count() > 0) {
      pollfd entry{socket_, POLLOUT, 0};
      ::poll(&entry, 1, static_cast<int>(std::min(deadline.left(), tick).count()));
    } else if (errno != EINTR) {
      cut(what_, std::system_category().message(errno));
    }
  }
}

bool Hijack::receive(const Call& call) {
  const Wake wake(call.stop);
  const Deadline deadline(call.deadline);
  std::array<pollfd, 2> entries{pollfd{socket_, POLLIN, 0}, pollfd{wake.descriptor(), POLLIN, 0}};
  while (true) {
    const auto patience = std::min(deadline.left(), milliseconds(60'000));
    ::poll(entries.data(), entries.size(), static_cast<int>(patience.count()));
    if (call.stop.stop_requested()) {
      throw base::Interrupted(what_);
    }
    if (readable(entries[0])) {
      break;
    }
    if (deadline.left().count() == 0) {
      throw EngineError(
          ExitCode::deploy, Fault::timed_out, 0,
          fmt::format("the engine did not answer {} within {}", what_, base::shown(call.deadline)),
          "look whether the engine hangs or the machine is overloaded");
    }
  }
  std::array<char, piece_size> piece{};
  const auto got = ::recv(socket_, piece.data(), piece.size(), 0);
  if (got < 0 && errno != EINTR) {
    cut(what_, std::system_category().message(errno));
  }
  received_.append(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return got != 0;
}

void Hijack::read_header(const Call& call) {
  auto end = received_.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (received_.size() > header_limit || !receive(call)) {
      cut(what_, "there is no complete header");
    }
    end = received_.find("\r\n\r\n");
  }
  std::string_view header(received_.data(), end);
  const auto space = header.find(' ');
  if (!header.starts_with("HTTP/1.") || space == std::string_view::npos) {
    cut(what_, "it is no HTTP");
  }
  std::from_chars(header.data() + space + 1, header.data() + header.size(), answer_.status);
  for (auto line = header.find("\r\n"); line != std::string_view::npos; line = header.find("\r\n")) {
    header.remove_prefix(line + 2);
    const auto field = header.substr(0, header.find("\r\n"));
    if (const auto colon = field.find(':'); colon != std::string_view::npos) {
      auto value = field.substr(colon + 1);
      value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
      answer_.headers[base::lower(field.substr(0, colon))] = value;
    }
  }
  received_.erase(0, end + 4);
}

void Hijack::read_body(const Call& call) {
  std::size_t length = header_limit;
  if (const auto found = answer_.headers.find("content-length"); found != answer_.headers.end()) {
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), length);
  } else if (const auto chunked = answer_.headers.find("transfer-encoding");
             chunked != answer_.headers.end()) {
    // A refusal is one small chunk: its size stands before it.
    while (received_.find("\r\n") == std::string::npos && receive(call)) {
    }
    const auto line = std::min(received_.find("\r\n"), received_.size());
    std::from_chars(received_.data(), received_.data() + line, length, 16);
    received_.erase(0, line + 2);
  }
  length = std::min(length, header_limit);
  while (received_.size() < length && receive(call)) {
  }
  answer_.body = received_.substr(0, length);
}

void Hijack::carry(int input, const std::function<void(std::string_view)>& on_bytes,
                   const std::function<void()>& on_tick, const Call& call) {
  const Wake wake(call.stop);
  const Deadline deadline(call.deadline);
  std::string pending;  // read from input, not yet sent
  bool input_ended = input < 0;
  bool told_end = input < 0;
  std::array<char, piece_size> piece{};
  if (!received_.empty()) {
    on_bytes(received_);
    received_.clear();
  }
  while (true) {
    on_tick();
    if (input_ended && pending.empty() && !told_end) {
      ::shutdown(socket_, SHUT_WR);
      told_end = true;
    }
    const short socket_wants = static_cast<short>(pending.empty() ? POLLIN : POLLIN | POLLOUT);
    std::array<pollfd, 3> entries{pollfd{socket_, socket_wants, 0}, pollfd{wake.descriptor(), POLLIN, 0},
                                  pollfd{input_ended || !pending.empty() ? -1 : input, POLLIN, 0}};
    ::poll(entries.data(), entries.size(), static_cast<int>(std::min(deadline.left(), tick).count()));
    if (call.stop.stop_requested()) {
      throw base::Interrupted(what_);
    }
    if (deadline.left().count() == 0) {
      throw EngineError(ExitCode::deploy, Fault::timed_out, 0,
                        fmt::format("{} took longer than {}", what_, base::shown(call.deadline)));
    }
    if (readable(entries[0])) {
      const auto got = ::recv(socket_, piece.data(), piece.size(), MSG_DONTWAIT);
      if (got == 0 || (got < 0 && errno == ECONNRESET)) {
        return;
      }
      if (got > 0) {
        on_bytes({piece.data(), static_cast<std::size_t>(got)});
      }
    }
    if (readable(entries[2])) {
      const auto got = ::read(input, piece.data(), piece.size());
      input_ended = got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
      pending.assign(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    }
    if (!pending.empty()) {
      if (!send_some(socket_, pending)) {
        // The program reads no more; what it still writes counts.
        pending.clear();
        input_ended = true;
        told_end = true;
      }
    }
  }
}

}  // namespace fresh::engine
