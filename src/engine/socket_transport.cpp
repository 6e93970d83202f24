#include "engine/budget.h"
#include "engine/socket_exchange.h"
#include "engine/transport.h"

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace fresh::engine {
namespace {

/// As many as look at an engine at a time.
constexpr std::size_t most_kept = 8;

class SocketTransport final : public Transport {
 public:
  SocketTransport(std::string path, std::string peer) : path_(std::move(path)), peer_(std::move(peer)) {}

  Answer exchange(const Request& request, const Call& call) override {
    const Budget budget(call);
    // A kept connection may break under a request: only one that may be sent again is given to it.
    auto kept = may_repeat(request) && request.may_retry ? take() : nullptr;
    while (true) {
      const bool was_kept = kept != nullptr;
      auto connection =
          was_kept ? std::move(kept) : std::make_unique<UnixConnection>(path_, budget.left(), peer_, [&] {
            out_of_time(peer_, request, 0, call.deadline);
          });
      AnswerReader reader(request, peer_);
      const auto end = carry(*connection, request, reader, peer_, budget.left());
      if (!end.has_answer && !was_kept) {
        reader.end();
      }
      if (end.has_answer) {
        if (end.is_reusable) {
          keep(std::move(connection));
        }
        return std::move(reader.answer());
      }
    }
  }

 private:
  std::unique_ptr<UnixConnection> take() {
    const std::scoped_lock lock(mutex_);
    while (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      if (connection->is_idle()) {
        return connection;
      }
    }
    return nullptr;
  }

  /// Requests that may not be repeated bring connections and take none: those that are too many are closed.
  void keep(std::unique_ptr<UnixConnection> connection) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(idle_, [](const auto& idle) { return !idle->is_idle(); });
    if (idle_.size() < most_kept) {
      idle_.push_back(std::move(connection));
    }
  }

  std::string path_;
  std::string peer_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<UnixConnection>> idle_;
};

}  // namespace

std::unique_ptr<Transport> socket_transport(std::string path, std::string peer) {
  return std::make_unique<SocketTransport>(std::move(path), std::move(peer));
}

}  // namespace fresh::engine
