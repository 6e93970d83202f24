#include "base/clock.h"
#include "base/task_group.h"
#include "engine/fault.h"
#include "engine/json_fields.h"
#include "engine/socket_engine.h"
#include "engine/url.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

namespace fresh::engine {
namespace {

using std::chrono::steady_clock;

/// The long request runs in a task of its own; its header says that the wait is armed, its body is the exit
/// code.
class ArmedExit final : public PendingExit {
 public:
  ArmedExit(HttpClient& http, Request request, std::string container,
            std::function<bool(const Call&)> ever_ran)
      : container_(std::move(container)), ever_ran_(std::move(ever_ran)) {
    request.on_accepted = [this] {
      const std::scoped_lock lock(mutex_);
      armed_ = true;
      changed_.notify_all();
    };
    task_.start([this, &http, request = std::move(request)](const std::stop_token& stop) {
      std::optional<Answer> answer;
      std::exception_ptr failure;
      try {
        // As long as the container runs: whoever waits has the deadline.
        answer = http.perform(request, {std::chrono::hours(24 * 20), stop});
      } catch (...) {
        failure = std::current_exception();
      }
      const std::scoped_lock lock(mutex_);
      answer_ = std::move(answer);
      failure_ = failure;
      finished_ = true;
      changed_.notify_all();
    });
  }

  void await_armed(const Call& call) {
    await([this] { return armed_ || finished_; }, call, "arming the wait for");
    if (!armed_) {
      finish();
    }
  }

  int wait(const Call& call) override {
    const auto begun = steady_clock::now();
    await([this] { return finished_; }, call, "waiting for the end of");
    const int code = finish();
    const auto gone = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begun);
    // A wait can also end because its container vanished; only one that ran has an exit code.
    if (code == 0 &&
        !ever_ran_({std::max(call.deadline - gone, std::chrono::milliseconds(1000)), call.stop})) {
      throw EngineError(base::ExitCode::deploy, Fault::failed, 200,
                        fmt::format("container '{}' never ran, so it has no exit code", container_));
    }
    return code;
  }

 private:
  template <typename Condition>
  void await(Condition condition, const Call& call, const char* doing) {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, call.stop, call.deadline, condition)) {
      return;
    }
    if (call.stop.stop_requested()) {
      throw base::Interrupted(fmt::format("{} container '{}'", doing, container_));
    }
    throw EngineError(
        base::ExitCode::deploy, Fault::timed_out, 0,
        fmt::format("{} container '{}' took longer than {}", doing, container_, base::shown(call.deadline)));
  }

  int finish() {
    const std::scoped_lock lock(mutex_);
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    const auto what = fmt::format("waiting for container '{}'", container_);
    if (!answer_->succeeded()) {
      throw refusal(answer_->status, what, error_text(answer_->body));
    }
    const auto body = parse_json(answer_->body, what);
    // A cancelled wait says status 0 and an error: the error first (Docker Engine API, ContainerWait).
    if (const auto error = text_at(body, "Error/Message"); !error.empty()) {
      throw refusal(200, what, error);
    }
    if (!at(body, "StatusCode").is_number()) {
      throw refusal(200, what, "the engine's answer has no StatusCode");
    }
    const auto code = number_at(body, "StatusCode");
    if (code < 0) {
      throw refusal(200, what, fmt::format("the engine lost the exit code ({})", code));
    }
    return static_cast<int>(code);
  }

  std::string container_;
  std::function<bool(const Call&)> ever_ran_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool armed_ = false;
  bool finished_ = false;
  std::optional<Answer> answer_;
  std::exception_ptr failure_;
  base::TaskGroup task_;  // last: its end stops the request before the rest goes
};

}  // namespace

std::unique_ptr<PendingExit> SocketEngine::arm_exit(const std::string& container, const Call& call) {
  // Docker's form on both: it may come before the start, and its header says that it is armed.
  const auto query = Query().add("condition", "next-exit").text();
  auto armed = std::make_unique<ArmedExit>(
      http_, post(docker(fmt::format("/containers/{}/wait{}", path_part(container), query)), {}), container,
      [this, container](const Call& left) {
        const auto now = find_container(container, left);
        // Gone with an exit code: it was removed after its end.
        return !now || !now->started_at.empty();
      });
  armed->await_armed(call);
  return armed;
}

}  // namespace fresh::engine
