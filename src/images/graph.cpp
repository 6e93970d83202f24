#include "images/graph.h"

#include "base/error.h"
#include "base/task_group.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>

namespace fresh::images {
namespace {

class Board {
 public:
  explicit Board(std::vector<Task> tasks) : open_(std::move(tasks)) {
    for (const Task& task : open_) {
      undone_.insert(task.name);
    }
  }

  /// Works until nothing is left or a stop is requested.
  void work(const std::stop_token& stop) {
    while (auto task = next(stop)) {
      task->work(stop);
      const std::scoped_lock lock(mutex_);
      undone_.erase(task->name);
      changed_.notify_all();
    }
  }

  bool all_done() const { return undone_.empty(); }

 private:
  std::optional<Task> next(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    auto ready = open_.end();
    changed_.wait(lock, stop, [&] {
      ready = std::find_if(open_.begin(), open_.end(), [&](const Task& task) {
        return std::none_of(task.after.begin(), task.after.end(),
                            [&](const auto& name) { return undone_.contains(name); });
      });
      return open_.empty() || ready != open_.end();
    });
    if (stop.stop_requested() || ready == open_.end()) {
      return std::nullopt;
    }
    Task task = std::move(*ready);
    open_.erase(ready);
    changed_.notify_all();
    return task;
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Task> open_;
  std::set<std::string> undone_;
};

}  // namespace

void run_tasks(std::vector<Task> tasks, int jobs, const std::stop_token& stop) {
  Board board(std::move(tasks));
  base::TaskGroup group(stop);
  for (int i = 0; i < std::max(jobs, 1); ++i) {
    group.start([&](const std::stop_token& task_stop) { board.work(task_stop); });
  }
  group.join();
  if (!board.all_done()) {
    throw base::Interrupted("providing images");
  }
}

}  // namespace fresh::images
