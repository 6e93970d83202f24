#include "base/lines.h"
#include "compose/check.h"
#include "compose/plan.h"
#include "engine/labels.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace fresh::compose {
namespace {

namespace labels = engine::labels;

/// The services named in `db:service_healthy:false,cache:service_started:true`.
std::set<std::string> dependencies(const engine::Container& container) {
  std::set<std::string> result;
  const std::string text = labels::value_of(container.labels, labels::compose_depends_on);
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view one = base::next_part(rest, ',');
    result.emplace(one.substr(0, one.find(':')));
  }
  return result;
}

std::string subject_of(const engine::Container& container) {
  const std::string service = labels::value_of(container.labels, labels::compose_service);
  const std::string number = labels::value_of(container.labels, labels::compose_container_number);
  return service.empty() || number.empty() ? "container:" + container.name
                                           : fmt::format("service:{}:{}", service, number);
}

class DownPlanner {
 public:
  DownPlanner(const Observed& observed, const DownOptions& options)
      : observed_(observed), options_(options) {}

  Plan run() {
    for (const auto& container : observed_.containers) {
      const std::string service = labels::value_of(container.labels, labels::compose_service);
      if (!is_meant(options_.services, service)) {
        continue;
      }
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
    for (const auto& [name, service] : inherited_) {
      add(Verb::remove, "volume:" + name, service, removed, RemoveVolume{name, true});
    }
    if (!options_.remove || !options_.services.empty()) {
      return std::move(plan_);
    }
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
  using Indices = std::vector<std::size_t>;

  /// What takes a service down. Where nothing of it runs its dependents' stops stand for its own.
  struct Gone {
    Indices stopped;
    Indices removed;
  };

  static void add_all(Indices& to, const Indices& from) {
    to.insert(to.end(), from.begin(), from.end());
    std::sort(to.begin(), to.end());
    to.erase(std::unique(to.begin(), to.end()), to.end());
  }

  std::size_t add(Verb verb, const std::string& subject, const std::string& service, Indices after,
                  Request request) {
    plan_.steps.push_back({.verb = verb,
                           .subject = subject,
                           .cause = verb == Verb::hook ? "pre_stop"
                                    : options_.remove  ? "down"
                                                       : "asked for",
                           .after = std::move(after),
                           .request = std::move(request),
                           .service = service});
    return plan_.steps.size() - 1;
  }

  /// The hooks of a container that is about to be stopped; what the stop has to wait for.
  Indices hooks(const engine::Container& container, const std::string& service, Indices after) {
    const auto found = options_.pre_stop.find(service);
    if (found == options_.pre_stop.end() || container.state != "running") {
      return after;
    }
    for (const auto& command : found->second) {
      after = {
          add(Verb::hook, subject_of(container), service, after, RunHook{container.name, command, false})};
    }
    return after;
  }

  /// Dependents stop first and, since they may live in the namespaces of what they depend on, are removed
  /// first. Labels that form a circle cannot hang it.
  const Gone& take_down(const std::string& service) {
    auto& gone = gone_[service];
    if (!visited_.insert(service).second || !by_service_.contains(service)) {
      return gone;
    }
    Gone before;
    for (const auto& dependent : dependents_[service]) {
      if (dependent != service) {
        const Gone& other = take_down(dependent);
        add_all(before.stopped, other.stopped);
        add_all(before.removed, other.removed);
      }
    }
    for (const engine::Container* container : by_service_.at(service)) {
      const std::string subject = subject_of(*container);
      Indices after = before.removed;
      if (container->is_alive()) {
        const auto stop = add(Verb::stop, subject, service, hooks(*container, service, before.stopped),
                              Stop{container->name, options_.grace});
        gone.stopped.push_back(stop);
        add_all(after, {stop});
      }
      if (!options_.remove) {
        continue;
      }
      gone.removed.push_back(add(Verb::remove, subject, service, after,
                                 RemoveContainer{container->name, options_.anonymous_volumes}));
      removals_.push_back(gone.removed.back());
      note_inherited(*container, service);
    }
    if (gone.stopped.empty()) {
      gone.stopped = before.stopped;
    }
    return gone;
  }

  /// A volume that was handed on has a name for its new container, so that it does not go with it.
  void note_inherited(const engine::Container& container, const std::string& service) {
    const std::string names = labels::value_of(container.labels, labels::inherited_volumes);
    for (std::string_view rest = names; options_.anonymous_volumes && !rest.empty();) {
      inherited_.emplace(base::next_part(rest, ','), service);
    }
  }

  const Observed& observed_;
  const DownOptions& options_;
  Plan plan_;
  std::map<std::string, std::vector<const engine::Container*>> by_service_;
  std::map<std::string, std::set<std::string>> dependents_;
  std::map<std::string, Gone> gone_;
  std::set<std::string> visited_;
  std::vector<std::size_t> removals_;
  std::map<std::string, std::string> inherited_;  // volumes, with the service that has them
};

}  // namespace

Plan plan_down(const Observed& observed, const DownOptions& options) {
  return DownPlanner(observed, options).run();
}

}  // namespace fresh::compose
