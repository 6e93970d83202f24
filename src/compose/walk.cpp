#include "compose/walk.h"

#include "base/error.h"
#include "base/task_group.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace fresh::compose {
namespace {

class Walker {
 public:
  Walker(const Plan& plan, std::size_t max_parallel, const DoStep& act)
      : plan_(plan),
        max_parallel_(std::max<std::size_t>(max_parallel, 1)),
        act_(act),
        waiting_for_(plan.steps.size()) {
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      waiting_for_[i] = plan.steps[i].after.size();
      if (waiting_for_[i] == 0) {
        ready_.push_back(i);
      }
    }
  }

  void run(base::TaskGroup& group) {
    std::unique_lock lock(mutex_);
    while (!failed_ && finished_ < plan_.steps.size()) {
      launch_what_may(group);
      changed_.wait(lock);
      failed_ = failed_ || group.token().stop_requested();
    }
  }

  void wake() {
    const std::scoped_lock lock(mutex_);
    changed_.notify_all();
  }

  bool is_complete() const { return finished_ == plan_.steps.size(); }

 private:
  void launch_what_may(base::TaskGroup& group) {
    std::vector<std::size_t> later;
    for (const auto index : ready_) {
      const bool waits = needs_no_place(plan_.steps[index]);
      if (!waits && acting_ >= max_parallel_) {
        later.push_back(index);
        continue;
      }
      acting_ += waits ? 0U : 1U;
      group.start([this, index, waits](const std::stop_token& stop) { do_step(index, waits, stop); });
    }
    ready_ = std::move(later);
  }

  void do_step(std::size_t index, bool waits, const std::stop_token& stop) {
    bool done = false;
    // Whatever happens the walker must hear of it, or it would wait for ever.
    struct Report {
      Walker& walker;
      std::size_t index;
      bool waits;
      bool& done;
      ~Report() { walker.ended(index, waits, done); }
    } report{*this, index, waits, done};
    act_(plan_.steps[index], stop);
    done = true;
  }

  void ended(std::size_t index, bool waits, bool done) {
    const std::scoped_lock lock(mutex_);
    acting_ -= waits ? 0U : 1U;
    if (!done) {
      failed_ = true;
    } else {
      ++finished_;
      for (std::size_t i = index + 1; i < plan_.steps.size(); ++i) {
        const auto& after = plan_.steps[i].after;
        if (std::binary_search(after.begin(), after.end(), index) && --waiting_for_[i] == 0) {
          ready_.push_back(i);
        }
      }
      std::sort(ready_.begin(), ready_.end());
    }
    changed_.notify_all();
  }

  const Plan& plan_;
  std::size_t max_parallel_;
  const DoStep& act_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::size_t> waiting_for_;
  std::vector<std::size_t> ready_;
  std::size_t acting_ = 0;
  std::size_t finished_ = 0;
  bool failed_ = false;
};

}  // namespace

bool needs_no_place(const Step& step) {
  return step.verb == Verb::probe || step.verb == Verb::wait || step.verb == Verb::stop ||
         step.verb == Verb::remove;
}

void walk(const Plan& plan, std::size_t max_parallel, const std::stop_token& stop, const DoStep& act) {
  if (plan.empty()) {
    return;
  }
  Walker walker(plan, max_parallel, act);
  base::TaskGroup group(stop);
  const std::stop_callback on_stop(stop, [&] { walker.wake(); });
  walker.run(group);
  group.join();
  if (!walker.is_complete()) {
    throw base::Interrupted("bringing the stack to its plan");
  }
}

}  // namespace fresh::compose
