#include "engine/hijack.h"

#include "engine/budget.h"
#include "engine/socket_exchange.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace fresh::engine {
namespace {

using base::ExitCode;
using std::chrono::milliseconds;

constexpr std::size_t piece_size = 32UL * 1024;
constexpr milliseconds tick(250);
const std::string peer = "engine";

Request upgrading(Request request) {
  request.headers["Connection"] = "Upgrade";
  request.headers["Upgrade"] = "tcp";
  return request;
}

}  // namespace

Hijack::Hijack(const std::string& socket_path, const Request& request, const Call& call)
    : what_(shown_target(request)),
      connection_(socket_path, call, peer, [&] { out_of_time(peer, request, 0, call.deadline); }) {
  const Request asked = upgrading(request);
  AnswerReader reader(asked, peer, true);
  auto end = engine::carry(connection_, asked, reader, peer, call);
  if (!end.has_answer) {
    reader.end();
  }
  received_ = std::move(end.beyond);
  answer_ = std::move(reader.answer());
}

void Hijack::carry(int input, const std::function<void(std::string_view)>& on_bytes,
                   const std::function<void()>& on_tick, const Call& call) {
  const Budget budget(call);
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
      connection_.end_sending();
      told_end = true;
    }
    const auto ready = connection_.wait(!pending.empty(), input_ended || !pending.empty() ? -1 : input,
                                        std::min(budget.time_left(), tick), call.stop);
    if (call.stop.stop_requested()) {
      throw base::Interrupted(what_);
    }
    if (budget.time_left().count() == 0) {
      throw EngineError(ExitCode::deploy, Fault::timed_out, 0,
                        fmt::format("{} took longer than {}", what_, base::shown(call.deadline)));
    }
    if (ready.can_read) {
      const auto got = connection_.receive(piece.data(), piece.size());
      if (got == 0 || (got < 0 && errno == ECONNRESET)) {
        return;
      }
      if (got > 0) {
        on_bytes({piece.data(), static_cast<std::size_t>(got)});
      }
    }
    if (ready.can_read_other) {
      const auto got = ::read(input, piece.data(), piece.size());
      input_ended = got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
      pending.assign(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    }
    if (!pending.empty()) {
      const long sent = connection_.send(pending);
      pending.erase(0, static_cast<std::size_t>(std::max(sent, 0L)));
      if (sent < 0) {
        // The program reads no more; what it still writes counts.
        pending.clear();
        input_ended = true;
        told_end = true;
      }
    }
  }
}

}  // namespace fresh::engine
