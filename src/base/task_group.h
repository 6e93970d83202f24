#pragma once

#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace fresh::base {

/// The only place that starts threads for work. Tasks get a stop token that is requested when one of them
/// throws or when `stop` (the caller's) is; join() waits for all and rethrows the first failure.
class TaskGroup {
 public:
  explicit TaskGroup(std::stop_token stop = {});
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  /// Requests a stop and waits for the tasks that still run.
  ~TaskGroup();

  /// Starts `task` in a thread of its own, under the caller's stack of intent. Tasks may start further ones.
  void start(std::function<void(std::stop_token)> task);
  /// Waits for all tasks; rethrows the first exception. After a join that did not throw the group may be used
  /// again.
  void join();
  std::stop_token token() const { return source_.get_token(); }

 private:
  void wait_for_all();

  std::stop_source source_;
  std::stop_callback<std::function<void()>> forward_;
  std::mutex mutex_;
  std::exception_ptr first_failure_;
  std::vector<std::thread> threads_;
};

}  // namespace fresh::base
