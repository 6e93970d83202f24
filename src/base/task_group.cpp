#include "base/task_group.h"

#include "base/doing.h"

#include <utility>

namespace fresh::base {

TaskGroup::TaskGroup(std::stop_token stop) : forward_(std::move(stop), [this] { source_.request_stop(); }) {}

TaskGroup::~TaskGroup() {
  source_.request_stop();
  wait_for_all();
}

void TaskGroup::start(std::function<void(std::stop_token)> task) {
  const std::scoped_lock guard(mutex_);
  threads_.emplace_back([this, task = std::move(task), stack = Doing::stack()] {
    const Doing::Inherit inherited(stack);
    try {
      task(source_.get_token());
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      if (!first_failure_) {
        first_failure_ = std::current_exception();
      }
      source_.request_stop();
    }
  });
}

void TaskGroup::join() {
  wait_for_all();
  if (first_failure_) {
    std::rethrow_exception(std::exchange(first_failure_, nullptr));
  }
}

void TaskGroup::wait_for_all() {
  while (true) {
    std::vector<std::thread> running;
    {
      const std::scoped_lock lock(mutex_);
      running.swap(threads_);
    }
    if (running.empty()) {
      return;
    }
    for (auto& thread : running) {
      thread.join();
    }
  }
}

}  // namespace fresh::base
