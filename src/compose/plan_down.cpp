#include "compose/plan.h"
#include "engine/labels.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace fresh::compose {
namespace {

namespace labels = engine::labels;

std::string label(const engine::Labels& labels, const char* key) {
  const auto found = labels.find(key);
  return found == labels.end() ? std::string() : found->second;
}

/// The services named in `db:service_healthy:false,cache:service_started:true`.
std::set<std::string> dependencies(const engine::Container& container) {
  std::set<std::string> result;
  std::string text = label(container.labels, labels::compose_depends_on);
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    result.insert(text.substr(0, std::min(text.find(':'), comma)));
    text.erase(0, comma + 1);
  }
  return result;
}

std::string subject_of(const engine::Container& container) {
  const std::string service = label(container.labels, labels::compose_service);
  const std::string number = label(container.labels, labels::compose_container_number);
  return service.empty() || number.empty() ? "container:" + container.name
                                           : fmt::format("service:{}:{}", service, number);
}

class DownPlanner {
 public:
  DownPlanner(const Observed& observed, const DownOptions& options)
      : observed_(observed), options_(options) {}

  Plan run() {
    for (const auto& container : observed_.containers) {
      const std::string service = label(container.labels, labels::compose_service);
      by_service_[service].push_back(&container);
      for (const auto& dependency : dependencies(container)) {
        dependents_[dependency].insert(service);
      }
    }
    for (const auto& entry : by_service_) {
      take_down(entry.first);
    }
    std::vector<std::size_t> removed = removals_;
    std::sort(removed.begin(), removed.end());
    for (const auto& entry : observed_.networks) {
      plan_.steps.push_back({.verb = Verb::remove,
                             .subject = "network:" + entry.first,
                             .cause = "down",
                             .after = removed,
                             .request = RemoveNetwork{entry.first}});
    }
    if (options_.volumes) {
      for (const auto& entry : observed_.volumes) {
        plan_.steps.push_back({.verb = Verb::remove,
                               .subject = "volume:" + entry.first,
                               .cause = "down with volumes",
                               .after = removed,
                               .request = RemoveVolume{entry.first}});
      }
    }
    return std::move(plan_);
  }

 private:
  /// The removal steps of a service; dependents come down first. Labels that form a circle cannot hang it.
  const std::vector<std::size_t>& take_down(const std::string& service) {
    auto& done = done_[service];
    if (!visited_.insert(service).second || !by_service_.contains(service)) {
      return done;
    }
    std::vector<std::size_t> after;
    for (const auto& dependent : dependents_[service]) {
      if (dependent != service) {
        const auto& steps = take_down(dependent);
        after.insert(after.end(), steps.begin(), steps.end());
      }
    }
    std::sort(after.begin(), after.end());
    for (const engine::Container* container : by_service_.at(service)) {
      std::vector<std::size_t> before = after;
      const std::string subject = subject_of(*container);
      if (container->state == "running" || container->state == "paused" || container->state == "restarting") {
        plan_.steps.push_back({.verb = Verb::stop,
                               .subject = subject,
                               .cause = "down",
                               .after = before,
                               .request = Stop{container->name, options_.grace},
                               .service = service});
        before = {plan_.steps.size() - 1};
      }
      plan_.steps.push_back({.verb = Verb::remove,
                             .subject = subject,
                             .cause = "down",
                             .after = before,
                             .request = RemoveContainer{container->name, true},
                             .service = service});
      done.push_back(plan_.steps.size() - 1);
      removals_.push_back(plan_.steps.size() - 1);
    }
    return done;
  }

  const Observed& observed_;
  const DownOptions& options_;
  Plan plan_;
  std::map<std::string, std::vector<const engine::Container*>> by_service_;
  std::map<std::string, std::set<std::string>> dependents_;
  std::map<std::string, std::vector<std::size_t>> done_;
  std::set<std::string> visited_;
  std::vector<std::size_t> removals_;
};

}  // namespace

Plan plan_down(const Observed& observed, const DownOptions& options) {
  return DownPlanner(observed, options).run();
}

}  // namespace fresh::compose
