#include "images/graph.h"

#include "base/error.h"

#include <gtest/gtest.h>

#include <mutex>
#include <stdexcept>

namespace fresh::images {
namespace {

class Journal {
 public:
  Task task(const std::string& name, std::vector<std::string> after) {
    return {name, std::move(after), [this, name](const std::stop_token&) {
              const std::scoped_lock lock(mutex_);
              done.push_back(name);
            }};
  }
  std::vector<std::string> done;

 private:
  std::mutex mutex_;
};

TEST(Graph, one_worker_follows_the_list_and_the_dependencies) {
  Journal journal;
  run_tasks({journal.task("c", {"a", "not here"}), journal.task("b", {}), journal.task("a", {"b"})}, 1, {});
  EXPECT_EQ(journal.done, (std::vector<std::string>{"b", "a", "c"}));
}

TEST(Graph, many_workers_do_each_task_once) {
  Journal journal;
  std::vector<Task> tasks;
  for (int i = 0; i < 50; ++i) {
    tasks.push_back(journal.task(std::to_string(i), i == 0
                                                        ? std::vector<std::string>{}
                                                        : std::vector<std::string>{std::to_string(i / 2)}));
  }
  tasks[0].after.clear();
  tasks[1].after = {"0"};
  run_tasks(std::move(tasks), 4, {});
  EXPECT_EQ(journal.done.size(), 50U);
  EXPECT_EQ(journal.done.front(), "0");
}

TEST(Graph, a_failure_stops_what_depends_on_it_and_is_thrown) {
  Journal journal;
  std::vector<Task> tasks{{"bad", {}, [](const std::stop_token&) { throw std::runtime_error("bad luck"); }},
                          journal.task("child", {"bad"})};
  EXPECT_THROW(run_tasks(std::move(tasks), 2, {}), std::runtime_error);
  EXPECT_TRUE(journal.done.empty());
}

TEST(Graph, a_stop_is_an_interruption) {
  std::stop_source stop;
  Journal journal;
  std::vector<Task> tasks{{"first", {}, [&](const std::stop_token&) { stop.request_stop(); }},
                          journal.task("second", {"first"})};
  EXPECT_THROW(run_tasks(std::move(tasks), 2, stop.get_token()), base::Interrupted);
}

TEST(Graph, nothing_to_do_is_done) {
  EXPECT_NO_THROW(run_tasks({}, 3, {}));
}

}  // namespace
}  // namespace fresh::images
