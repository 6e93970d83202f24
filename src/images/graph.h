#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::images {

/// A piece of work with a name, and the names of those that must be done before; names that are not in the
/// graph do not count.
struct Task {
  std::string name;
  std::vector<std::string> after;
  std::function<void(const std::stop_token&)> work;
};

/// Runs the tasks, at most `jobs` at a time, each as soon as what it waits for is done; among those that are
/// ready the earlier one in the list first. The first failure stops the rest and is thrown.
void run_tasks(std::vector<Task> tasks, int jobs, const std::stop_token& stop);

}  // namespace fresh::images
