#include "compose/decide.h"

#include "base/error.h"
#include "compose/check.h"
#include "compose/hash.h"
#include "compose/namespaces.h"
#include "compose/request.h"
#include "compose/status.h"
#include "compose/succession.h"
#include "document/refuse.h"
#include "engine/labels.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::compose {
namespace {

namespace labels = engine::labels;

void add_with_dependencies(const std::string& name, const Project& project, std::set<std::string>& wanted) {
  if (!wanted.insert(name).second) {
    return;
  }
  for (const auto& dependency : project.services.at(name).depends_on) {
    if (project.services.contains(dependency.first)) {
      add_with_dependencies(dependency.first, project, wanted);
    }
  }
}

[[noreturn]] void no_such_service(const std::string& name, const Project& project) {
  std::vector<std::string> known = project.inactive;
  for (const auto& entry : project.services) {
    known.push_back(entry.first);
  }
  throw base::Error(
      base::ExitCode::precheck, fmt::format("the project has no service '{}'", name),
      document::nearest_hint(name, known, "see 'fresh-clone config --services' for those it has"));
}

/// Those that restart when `name` does, and those that restart when these do.
void add_restarting(const std::string& name, const Project& project, std::set<std::string>& wanted) {
  for (const auto& [other, service] : project.services) {
    const auto found = service.depends_on.find(name);
    if (found != service.depends_on.end() && found->second.restart && wanted.insert(other).second) {
      add_restarting(other, project, wanted);
    }
  }
}

/// The named services with those that `add` joins to each, in the order of the project; all when none is
/// named.
template <typename Add>
std::vector<std::string> joined_in_order(const Project& project, const std::vector<std::string>& services,
                                         const Add& add) {
  std::vector<std::string> order = in_order(project);
  if (services.empty()) {
    return order;
  }
  std::set<std::string> wanted;
  for (const auto& name : services) {
    if (!project.services.contains(name)) {
      no_such_service(name, project);
    }
    add(name, wanted);
    wanted.insert(name);
  }
  std::erase_if(order, [&](const std::string& name) { return !wanted.contains(name); });
  return order;
}

std::vector<std::string> wanted_in_order(const Project& project, const PlanOptions& options) {
  if (!options.restart) {
    return meant_in_order(project, options.services, options.dependencies);
  }
  return joined_in_order(project, options.services,
                         [&](const std::string& name, std::set<std::string>& wanted) {
                           if (options.dependencies) {
                             add_restarting(name, project, wanted);
                           }
                         });
}

class Decider {
 public:
  Decider(const Project& project, const Observed& observed, const PlanOptions& options)
      : project_(project), observed_(observed), options_(options) {}

  Decisions run() {
    result_.order = wanted_in_order(project_, options_);
    find_changed_networks();
    for (const auto& container : observed_.containers) {
      if (!is_one_off(container)) {
        by_service_[labels::value_of(container.labels, labels::compose_service)].push_back(&container);
      }
    }
    for (const auto& name : result_.order) {
      decide_service(project_.services.at(name));
    }
    decide_orphans();
    return std::move(result_);
  }

 private:
  void find_changed_networks() {
    if (!options_.create || options_.restart || options_.recreate == Recreate::never) {
      return;
    }
    for (const auto& [key, network] : project_.networks) {
      const auto found = observed_.networks.find(network.name);
      if (network.external || found == observed_.networks.end()) {
        continue;
      }
      const std::string hash = labels::value_of(found->second.labels, labels::compose_config_hash);
      const bool ours = !labels::value_of(found->second.labels, labels::tool).empty();
      if (ours && hash != network_hash(network)) {
        result_.networks_anew.insert(key);
      }
    }
  }

  /// Why a container that exists cannot stay as it is; empty when it can.
  std::string recreate_cause(const Service& service, const engine::Container& container,
                             const std::string& hash) {
    const auto policy = policy_of(service);
    if (policy == Recreate::always) {
      return "asked for";
    }
    if (is_half_made(container)) {
      // Perhaps without its files.
      if (!options_.create) {
        throw base::Error(
            base::ExitCode::deploy,
            fmt::format("the container of service '{}' is half made: an 'up' was cut off", service.name),
            "go on with it: fresh-clone up " + service.name);
      }
      return "is half made";
    }
    if (policy == Recreate::never || options_.restart || !options_.create) {
      return {};
    }
    if (labels::value_of(container.labels, labels::compose_config_hash) != hash) {
      return "configuration changed";
    }
    const auto image = observed_.images.find(service.image);
    if (image == observed_.images.end()) {
      return "its image is gone";
    }
    if (labels::value_of(container.labels, labels::compose_image) != image_label(image->second.id)) {
      return "image changed";
    }
    for (const auto& network : service.networks) {
      if (result_.networks_anew.contains(network.first)) {
        return fmt::format("network {} changed", network.first);
      }
    }
    for (const auto& joined : joined_services(service)) {
      if (is_recreated(joined)) {
        return fmt::format("{} is recreated", joined);
      }
    }
    const bool usable = container.state == "running" || container.state == "exited" ||
                        container.state == "paused" || container.state == "stopped" ||
                        container.state == "restarting" || (container.state == "created" && !options_.start);
    return usable ? "" : fmt::format("is only {}", container.state);
  }

  bool is_recreated(const std::string& service) const {
    const auto found = result_.services.find(service);
    return found != result_.services.end() &&
           std::any_of(found->second.begin(), found->second.end(), [](const Decision& decision) {
             return decision.action == Action::recreate || decision.action == Action::create;
           });
  }

  Recreate policy_of(const Service& service) const {
    if (is_meant(options_.services, service.name)) {
      return options_.recreate;
    }
    return options_.recreate_dependencies
               ? Recreate::always
               : (options_.recreate == Recreate::never ? Recreate::never : Recreate::changed);
  }

  bool is_restarted(const std::string& service) const {
    const auto found = result_.services.find(service);
    return found != result_.services.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [](const Decision& decision) { return decision.action == Action::restart; });
  }

  std::string restart_cause(const Service& service) const {
    if (options_.restart && is_meant(options_.services, service.name)) {
      return "asked for";
    }
    for (const auto& [name, dependency] : service.depends_on) {
      if (dependency.restart && is_recreated(name)) {
        return fmt::format("{} is recreated", name);
      }
      if (dependency.restart && is_restarted(name)) {
        return fmt::format("{} is restarted", name);
      }
    }
    return {};
  }

  Decision decide_container(const Service& service, int number, const engine::Container* container,
                            const std::string& hash) {
    Decision decision{
        .service = service.name, .number = number, .name = container_name(project_, service, number)};
    if (container == nullptr) {
      decision.action = Action::create;
      decision.cause = "does not exist";
      return decision;
    }
    decision.old_name = container->name;
    decision.was_running = container->is_alive();
    decision.cause = recreate_cause(service, *container, hash);
    if (!decision.cause.empty()) {
      decision.action = Action::recreate;
      return decision;
    }
    // What stays keeps the name that it has.
    decision.name = container->name;
    if (decision.was_running) {
      decision.cause = restart_cause(service);
      decision.action = decision.cause.empty() ? Action::keep : Action::restart;
    } else if (!is_completed(service, project_, *container)) {
      decision.cause =
          container->exit_code == 0 ? "is not running" : fmt::format("ended with {}", container->exit_code);
      decision.action = Action::start;
    }
    return decision;
  }

  /// The container of that number, or null. Of several, left by an 'up' that was cut off, one that has been
  /// started, then the one that has the name.
  const engine::Container* container_of(const Service& service, int number) const {
    const auto found = by_service_.find(service.name);
    const engine::Container* best = nullptr;
    for (const engine::Container* one :
         found == by_service_.end() ? std::vector<const engine::Container*>() : found->second) {
      const auto rank = [&](const engine::Container* container) {
        return std::pair(container->state != "created",
                         container->name == container_name(project_, service, number));
      };
      if (number_of(*one) == number && (best == nullptr || rank(best) < rank(one))) {
        best = one;
      }
    }
    return best;
  }

  void decide_service(const Service& service) {
    auto& decisions = result_.services[service.name];
    const std::string hash = service_hash(service, project_);
    const auto& existing = by_service_[service.name];
    for (int number = 1; number <= service.scale; ++number) {
      const engine::Container* container = container_of(service, number);
      if (options_.create || container != nullptr) {
        decisions.push_back(decide_container(service, number, container, hash));
      }
    }
    if (!options_.create) {
      if (existing.empty() && !options_.services.empty() && is_meant(options_.services, service.name)) {
        throw base::Error(base::ExitCode::precheck,
                          fmt::format("the service '{}' has no container", service.name),
                          fmt::format("make it first: fresh-clone up {}", service.name));
      }
      return;
    }
    for (const engine::Container* container : existing) {
      const int number = number_of(*container);
      if (number >= 1 && number <= service.scale) {
        if (container != container_of(service, number)) {
          decisions.push_back({.action = Action::remove,
                               .service = service.name,
                               .number = number,
                               .name = container->name,
                               .cause = fmt::format("is a second number {}", number),
                               .was_running = container->is_alive(),
                               .surplus = true});
        }
      } else {
        decisions.push_back({.action = Action::remove,
                             .service = service.name,
                             .number = number,
                             .name = container->name,
                             .cause = fmt::format("more than {}", service.scale),
                             .was_running = container->state == "running"});
      }
    }
  }

  void decide_orphans() {
    for (const auto& [name, containers] : by_service_) {
      const bool known = project_.services.contains(name) ||
                         std::binary_search(project_.inactive.begin(), project_.inactive.end(), name);
      for (const engine::Container* container : containers) {
        if (known) {
          continue;
        }
        if (options_.remove_orphans) {
          result_.orphans.push_back({.action = Action::remove,
                                     .service = name,
                                     .number = number_of(*container),
                                     .name = container->name,
                                     .cause = "no such service any more",
                                     .was_running = container->state == "running"});
        } else {
          result_.notes.push_back(fmt::format(
              "container '{}' belongs to a service that the project does not have", container->name));
        }
      }
    }
  }

  const Project& project_;
  const Observed& observed_;
  const PlanOptions& options_;
  Decisions result_;
  std::map<std::string, std::vector<const engine::Container*>> by_service_;
};

}  // namespace

bool is_completed(const Service& service, const Project& project, const engine::Container& container) {
  if (!container.has_finished() || container.exit_code != 0) {
    return false;
  }
  const bool awaited = std::any_of(project.services.begin(), project.services.end(), [&](const auto& entry) {
    const auto found = entry.second.depends_on.find(service.name);
    return found != entry.second.depends_on.end() && found->second.condition == Condition::completed;
  });
  return awaited || (service.restart_written && service.restart == "no");
}

void set_scale(Project& project, const std::map<std::string, int>& scale) {
  for (const auto& [name, count] : scale) {
    const auto found = project.services.find(name);
    if (found == project.services.end()) {
      no_such_service(name, project);
    }
    if (count > 1 && !found->second.container_name.empty()) {
      throw base::Error(
          base::ExitCode::precheck,
          fmt::format("service '{}' cannot have {} containers: container_name gives them all the name '{}'",
                      name, count, found->second.container_name),
          "remove 'container_name'");
    }
    found->second.scale = count;
  }
}

std::vector<std::string> meant_in_order(const Project& project, const std::vector<std::string>& services,
                                        bool dependencies) {
  return joined_in_order(project, services, [&](const std::string& name, std::set<std::string>& wanted) {
    if (dependencies) {
      add_with_dependencies(name, project, wanted);
    }
  });
}

Decisions decide(const Project& project, const Observed& observed, const PlanOptions& options) {
  return Decider(project, observed, options).run();
}

}  // namespace fresh::compose
