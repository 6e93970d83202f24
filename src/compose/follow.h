#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "base/task_group.h"
#include "engine/engine.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::compose {

/// A container that somebody stays with.
struct Followed {
  std::string service;
  std::string container;
  bool shows = true;         ///< false: only its end is of interest
  std::string restart = {};  ///< its restart policy: after an end it may begin again
};

/// An end of a followed container.
struct FollowedEnd {
  std::string service;
  std::string container;
  int exit_code = 0;
};

struct FollowOptions {
  const base::Clock& clock;
  base::EventSink sink = base::ignore_event;  ///< warnings: a container that could not be followed
  /// Each line of output, and each end; from several threads.
  std::function<void(const Followed& of, std::string_view line)> on_line;
  std::function<void(const FollowedEnd& end)> on_end;
};

/// Stays with containers: hands on what they write from before their start on, and tells how each ended. One
/// that its restart policy starts again is followed on, like one of docker compose's `up`.
class Follower {
 public:
  Follower(engine::Engine& engine, FollowOptions options);
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;
  /// Lets go of those that still run.
  ~Follower();

  /// Begins with a container that runs or is about to be started; returns when the engine has taken both the
  /// wait for its end and the attachment, so that nothing is missed. Safe to call from several threads.
  void follow(const Followed& one);
  /// True when no followed container is left, false when `stop` came first.
  bool wait_all(const std::stop_token& stop);
  /// As wait_all, for no longer than `patience`; no container is expected to begin again any more.
  bool finish(base::Milliseconds patience);
  /// Every end so far, in the order in which they were seen.
  std::vector<FollowedEnd> ends() const;
  /// Why containers are followed no longer although no last end of theirs was seen: the engine broke off, or
  /// somebody removed them.
  std::vector<std::string> lost() const;

 private:
  void stay_with(const Followed& one, std::unique_ptr<engine::PendingExit> exit,
                 const std::function<void()>& on_attached, const std::stop_token& stop);
  /// Shows one run of the container; its exit code.
  int end_of(const Followed& one, engine::PendingExit& exit, const std::function<void()>& on_attached,
             const std::stop_token& stop);
  void tell_end(const Followed& one, int exit_code);
  /// Hands on the output until it ends.
  void show(const Followed& one, const std::function<void()>& on_attached, const std::stop_token& stop);
  bool begins_again(const Followed& one, int exit_code, const std::stop_token& stop);
  void warn(const Followed& one, const std::string& text) const;
  void lose(const Followed& one, const std::string& why);

  engine::Engine& engine_;
  FollowOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::set<std::string> open_;  ///< containers that are followed now
  std::vector<FollowedEnd> ends_;
  std::vector<std::string> lost_;
  bool is_last_ = false;  ///< an end is the last one
  base::TaskGroup tasks_;
};

}  // namespace fresh::compose
