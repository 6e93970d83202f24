#include "engine/socket_exchange.h"

#include "engine/budget.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace fresh::engine {
namespace {

using base::ExitCode;

constexpr std::size_t piece_size = 64UL * 1024;

/// The bytes of a request, in pieces; those of a file are read when their turn comes.
class Outgoing {
 public:
  explicit Outgoing(const Request& request) : request_(request) {
    std::size_t length = request.body.size();
    if (!request.body_file.empty()) {
      file_ = std::fopen(request.body_file.c_str(), "rbe");
      if (file_ == nullptr || std::fseek(file_, 0, SEEK_END) != 0) {
        close();
        throw base::Error(ExitCode::deploy,
                          fmt::format("cannot read '{}', which is to be sent", request.body_file));
      }
      length = static_cast<std::size_t>(std::ftell(file_));
      std::rewind(file_);
      left_in_file_ = length;
    }
    pending_ =
        fmt::format("{} {} HTTP/1.1\r\nHost: engine\r\nAccept: */*\r\n", request.method, request.target);
    for (const auto& [name, value] : request.headers) {
      pending_ += fmt::format("{}: {}\r\n", name, value);
    }
    if (!may_repeat(request)) {
      pending_ += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", request.content_type, length);
    }
    pending_ += "\r\n";
    if (!may_repeat(request) && file_ == nullptr) {
      pending_ += request.body;
    }
  }
  Outgoing(const Outgoing&) = delete;
  Outgoing& operator=(const Outgoing&) = delete;
  ~Outgoing() { close(); }

  /// What is to be sent next; empty at the end.
  std::string_view next() {
    if (sent_ == pending_.size() && left_in_file_ > 0) {
      pending_.resize(std::min(left_in_file_, piece_size));
      if (std::fread(pending_.data(), 1, pending_.size(), file_) != pending_.size()) {
        throw base::Error(ExitCode::deploy,
                          fmt::format("'{}' became shorter while it was sent", request_.body_file));
      }
      left_in_file_ -= pending_.size();
      sent_ = 0;
    }
    return std::string_view(pending_).substr(sent_);
  }
  void remove_prefix(std::size_t count) { sent_ += count; }

 private:
  void close() {
    if (file_ != nullptr) {
      std::fclose(file_);
    }
  }

  const Request& request_;
  std::FILE* file_ = nullptr;
  std::size_t left_in_file_ = 0;
  std::string pending_;
  std::size_t sent_ = 0;
};

}  // namespace

ExchangeEnd carry(UnixConnection& connection, const Request& request, AnswerReader& reader,
                  const std::string& peer, const Call& call) {
  const Budget budget(call);
  Outgoing outgoing(request);
  bool sends = true;
  const auto piece = std::make_unique_for_overwrite<char[]>(piece_size);
  while (true) {
    // An engine that has seen enough answers before it read all: what it says counts.
    while (sends && !outgoing.next().empty()) {
      const long sent = connection.send(outgoing.next());
      if (sent <= 0) {
        sends = sent == 0;
        break;
      }
      outgoing.remove_prefix(static_cast<std::size_t>(sent));
    }
    const auto ready = connection.wait(sends && !outgoing.next().empty(), -1, budget.time_left(), call.stop);
    if (call.stop.stop_requested()) {
      throw base::Interrupted(shown_target(request));
    }
    if (ready.can_read) {
      const long got = connection.receive(piece.get(), piece_size);
      if (got > 0) {
        const std::string_view bytes(piece.get(), static_cast<std::size_t>(got));
        const auto used = reader.take(bytes);
        if (reader.is_complete()) {
          return {
              .beyond = std::string(bytes.substr(used)),
              .is_reusable = reader.keeps_connection() && used == bytes.size() && outgoing.next().empty()};
        }
      } else if (got == 0 || errno == ECONNRESET) {
        if (!reader.has_begun()) {
          return {.has_answer = false};
        }
        reader.end();
        return {};
      } else if (errno != EAGAIN && errno != EINTR) {
        broke_off(peer, request, reader.answer().status, std::strerror(errno));
      }
    }
    if (budget.time_left().count() == 0) {
      out_of_time(peer, request, reader.answer().status, call.deadline);
    }
  }
}

}  // namespace fresh::engine
