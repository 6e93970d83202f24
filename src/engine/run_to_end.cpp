#include "engine/run_to_end.h"

#include "base/error.h"
#include "base/task_group.h"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace fresh::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds short_call(30);
constexpr seconds attach_grace(10);
constexpr milliseconds between_looks(100);

/// Reads the container's output from before its start to its end, in a thread of its own.
class Attachment {
 public:
  Attachment(Engine& engine, const std::string& container, const StreamSink& output, milliseconds deadline,
             const std::stop_token& stop)
      : tasks_(std::make_unique<base::TaskGroup>(stop)) {
    tasks_->start([this, &engine, container, &output, deadline](const std::stop_token& token) {
      std::string lost;
      try {
        engine.attach(container, [this] { change([this] { attached_ = true; }); }, output, {deadline, token});
      } catch (const base::Error& error) {
        lost = error.message();
      }
      change([&] {
        ended_ = true;
        lost_ = lost_.empty() ? lost : lost_;
      });
    });
  }
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;
  ~Attachment() { tasks_.reset(); }

  void wait_attached() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, attach_grace, [this] { return attached_ || ended_; });
  }

  /// Waits until the stream has ended, and ends it if it does not; why it is not whole, or nothing.
  std::string finish() {
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait_for(lock, attach_grace, [this] { return ended_; })) {
        lost_ = "the container has ended, and its output has not";
      }
    }
    tasks_.reset();
    return lost_;
  }

 private:
  template <typename Change>
  void change(const Change& by) {
    const std::scoped_lock lock(mutex_);
    by();
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool attached_ = false;
  bool ended_ = false;
  std::string lost_;
  std::unique_ptr<base::TaskGroup> tasks_;
};

bool runs(Engine& engine, const std::string& container, const std::stop_token& stop) {
  const auto found = engine.find_container(container, {short_call, stop});
  return found && found->state == "running";
}

/// Looks until the container no longer runs or `end` has passed; true when it has ended.
bool ends_before(base::SteadyTime end, Engine& engine, const std::string& container, const base::Clock& clock,
                 const std::stop_token& stop) {
  while (runs(engine, container, stop)) {
    if (clock.steady() >= end) {
      return false;
    }
    if (!clock.wait(between_looks, stop)) {
      throw base::Interrupted("waiting for the end of a container");
    }
  }
  return true;
}

void kill(Engine& engine, const std::string& container, const base::Clock& clock,
          const std::stop_token& stop) {
  try {
    engine.kill_container(container, "KILL", {short_call, stop});
  } catch (const EngineError&) {
    // It may have ended in this moment; its state tells.
  }
  ends_before(clock.steady() + short_call, engine, container, clock, stop);
}

}  // namespace

ContainerGuard::~ContainerGuard() {
  try {
    engine_.remove_container(container_, true, {.deadline = short_call});
  } catch (const base::Error&) {
    // Said in the header.
  }
}

RunEnd run_to_end(Engine& engine, const std::string& container, milliseconds timeout,
                  const StreamSink& output, const base::Clock& clock, const std::stop_token& stop) {
  RunEnd end;
  Attachment attachment(engine, container, output, timeout + 2 * short_call, stop);
  attachment.wait_attached();
  const auto exit = engine.arm_exit(container, {timeout + short_call, stop});
  engine.start_container(container, {short_call, stop});
  const auto deadline = clock.steady() + timeout;
  bool ended = true;
  try {
    exit->wait({timeout, stop});
  } catch (const EngineError& error) {
    if (error.fault() == Fault::timed_out) {
      ended = false;
    } else {
      end.wait_lost = error.message();
      ended = ends_before(deadline, engine, container, clock, stop);
    }
  }
  if (!ended) {
    end.killed_at_deadline = true;
    kill(engine, container, clock, stop);
  }
  end.output_lost = attachment.finish();
  end.container = engine.find_container(container, {short_call, stop});
  return end;
}

}  // namespace fresh::engine
