#include "compose/walk.h"

#include "base/error.h"
#include "base/task_group.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>

namespace fresh::compose {
namespace {

class Walker {
 public:
  Walker(const Plan& plan, std::size_t max_parallel, const DoStep& act)
      : plan_(plan),
        max_parallel_(std::max<std::size_t>(max_parallel, 1)),
        act_(act),
        waiting_for_(plan.steps.size()),
        is_finished_(plan.steps.size()) {
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
  /// Of a step among those that go on side by side.
  enum class Place { none, early, due };

  void launch_what_may(base::TaskGroup& group) {
    const std::vector<bool> early = is_early();
    std::vector<std::size_t> later;
    for (const auto index : ready_) {
      const Place place = needs_no_place(plan_.steps[index]) ? Place::none
                          : early[index]                     ? Place::early
                                                             : Place::due;
      if ((place != Place::none && places_[Place::due] + places_[Place::early] >= max_parallel_) ||
          (place == Place::early && places_[Place::early] > 0)) {
        later.push_back(index);
        continue;
      }
      ++places_[place];
      group.start([this, index, place](const std::stop_token& stop) { do_step(index, place, stop); });
    }
    ready_ = std::move(later);
  }

  /// Which steps make containers that nobody can start yet, by index: between them and every start is a
  /// program that is still waited for.
  std::vector<bool> is_early() const {
    const auto count = plan_.steps.size();
    std::vector<bool> blocked(count);
    std::vector<bool> needed(count);
    std::vector<bool> early(count, true);
    for (std::size_t i = 0; i < count; ++i) {
      const auto& after = plan_.steps[i].after;
      blocked[i] = std::any_of(after.begin(), after.end(), [&](std::size_t earlier) {
        return !is_finished_[earlier] && (blocked[earlier] || is_wait(plan_.steps[earlier]));
      });
    }
    for (std::size_t i = count; i-- > 0;) {
      const Verb verb = plan_.steps[i].verb;
      const bool makes = verb == Verb::create || verb == Verb::inject || verb == Verb::prepare;
      early[i] = makes && needed[i] && early[i];
      for (const auto earlier : plan_.steps[i].after) {
        needed[earlier] = true;
        early[earlier] = early[earlier] && (blocked[i] || early[i]);
      }
    }
    return early;
  }

  void do_step(std::size_t index, Place place, const std::stop_token& stop) {
    bool done = false;
    // Whatever happens the walker must hear of it, or it would wait for ever.
    struct Report {
      Walker& walker;
      std::size_t index;
      Place place;
      bool& done;
      ~Report() { walker.ended(index, place, done); }
    } report{*this, index, place, done};
    act_(plan_.steps[index], stop);
    done = true;
  }

  void ended(std::size_t index, Place place, bool done) {
    const std::scoped_lock lock(mutex_);
    --places_[place];
    if (!done) {
      failed_ = true;
    } else {
      ++finished_;
      is_finished_[index] = true;
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
  std::map<Place, std::size_t> places_;  ///< taken
  std::vector<bool> is_finished_;
  std::size_t finished_ = 0;
  bool failed_ = false;
};

}  // namespace

bool is_wait(const Step& step) {
  return step.verb == Verb::probe || step.verb == Verb::wait;
}

bool needs_no_place(const Step& step) {
  return is_wait(step) || step.verb == Verb::stop || step.verb == Verb::remove;
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
