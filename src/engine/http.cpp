#include "engine/http.h"

#include "base/clock.h"
#include "engine/answer_sink.h"
#include "engine/transport.h"

#include <fmt/core.h>

#include <array>
#include <utility>

namespace fresh::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::array<milliseconds, 4> retry_pauses{milliseconds(50), milliseconds(150), milliseconds(400),
                                                   milliseconds(800)};

std::unique_ptr<Transport> transport_for(Endpoint endpoint, std::string peer) {
  return endpoint.scheme == Scheme::unix_socket ? socket_transport(std::move(endpoint.path), std::move(peer))
                                                : curl_transport(std::move(endpoint), std::move(peer));
}

}  // namespace

HttpClient::HttpClient(std::string socket_path)
    : HttpClient(Endpoint{.scheme = Scheme::unix_socket, .path = std::move(socket_path)}) {}

HttpClient::HttpClient(Endpoint endpoint, std::string peer)
    : socket_path_(endpoint.path), transport_(transport_for(std::move(endpoint), std::move(peer))) {}

HttpClient::~HttpClient() = default;

Answer HttpClient::perform(const Request& request, const Call& call) {
  const auto begun = steady_clock::now();
  const base::SystemClock clock;
  for (std::size_t attempt = 0;; ++attempt) {
    const auto gone = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
    const Call rest{call.deadline - gone, call.stop};
    if (rest.stop.stop_requested()) {
      throw base::Interrupted(shown_target(request));
    }
    if (rest.deadline.count() <= 0) {
      throw EngineError(base::ExitCode::deploy, Fault::timed_out, 0,
                        fmt::format("no time is left for {}", shown_target(request)));
    }
    try {
      return transport_->exchange(request, rest);
    } catch (const EngineError& error) {
      const bool again = request.may_retry && may_repeat(request) && error.fault() == Fault::unreachable &&
                         attempt < retry_pauses.size() && gone + retry_pauses[attempt] < call.deadline;
      // An engine that was restarted is back within a second; nothing was sent yet.
      if (!again || !clock.wait(retry_pauses[attempt], call.stop)) {
        throw;
      }
    }
  }
}

}  // namespace fresh::engine
