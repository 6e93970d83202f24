#include "compose/plan.h"

#include "base/error.h"
#include "compose/anonymous_volumes.h"
#include "compose/decide.h"
#include "compose/inject.h"
#include "compose/request.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::compose {
namespace {

using Indices = std::vector<std::size_t>;

std::string subject_of(const Decision& decision) {
  return fmt::format("service:{}:{}", decision.service, decision.number);
}

class Planner {
 public:
  Planner(const Project& project, const Observed& observed, const PlanOptions& options)
      : project_(project),
        observed_(observed),
        options_(options),
        decisions_(decide(project, observed, options)) {}

  Plan run() {
    plan_.notes = decisions_.notes;
    for (const auto& name : decisions_.order) {
      pull(project_.services.at(name));
    }
    // Dependents stop before what they depend on.
    for (auto name = decisions_.order.rbegin(); name != decisions_.order.rend(); ++name) {
      for (const auto& decision : decisions_.services.at(*name)) {
        take_away(decision);
      }
    }
    for (const auto& decision : decisions_.orphans) {
      take_away(decision);
    }
    networks();
    volumes();
    for (const auto& name : decisions_.order) {
      bring_up(project_.services.at(name));
    }
    return std::move(plan_);
  }

 private:
  std::size_t add(Verb verb, std::string subject, std::string cause, Indices after, Request request,
                  std::string service) {
    std::sort(after.begin(), after.end());
    after.erase(std::unique(after.begin(), after.end()), after.end());
    plan_.steps.push_back({.verb = verb,
                           .subject = std::move(subject),
                           .cause = std::move(cause),
                           .after = std::move(after),
                           .request = std::move(request),
                           .service = std::move(service)});
    return plan_.steps.size() - 1;
  }

  void pull(const Service& service) {
    if (service.scale == 0 || observed_.images.contains(service.image) || pulls_.contains(service.image)) {
      return;
    }
    if (service.build || service.pull_policy == "never" || service.pull_policy == "build") {
      throw base::Error(
          base::ExitCode::deploy,
          fmt::format("the image '{}' of service '{}' is not there", service.image, service.name),
          service.build ? "build it: fresh-clone build " + service.name
                        : std::string("build or load it first"));
    }
    engine::PullRequest request;
    request.reference = with_tag(service.image);
    request.platform = service.platform;
    pulls_[service.image] =
        add(Verb::pull, "image:" + service.image, "is not there", {}, std::move(request), service.name);
  }

  /// The service's image as the engine has it, or null.
  const engine::Image* observed_image(const Service& service) const {
    const auto found = observed_.images.find(service.image);
    return found == observed_.images.end() ? nullptr : &found->second;
  }

  void take_away(const Decision& decision) {
    const bool goes = decision.action == Action::recreate || decision.action == Action::remove;
    if (!goes && (decision.action != Action::restart || !options_.start)) {
      return;
    }
    const std::string name = decision.old_name.empty() ? decision.name : decision.old_name;
    Indices after;
    const auto service = project_.services.find(decision.service);
    if (service != project_.services.end()) {
      // The old one serves until the new image is there.
      if (const auto pulled = pulls_.find(service->second.image); pulled != pulls_.end()) {
        after.push_back(pulled->second);
      }
      for (const auto& [other, steps] : stops_) {
        const auto dependent = project_.services.find(other);
        if (dependent != project_.services.end() && dependent->second.depends_on.contains(decision.service)) {
          after.insert(after.end(), steps.begin(), steps.end());
        }
      }
    }
    std::size_t last = 0;
    if (decision.was_running) {
      if (service != project_.services.end()) {
        after = hooks(decision, service->second.pre_stop, "pre_stop", false, name, after);
      }
      last = add(Verb::stop, subject_of(decision), decision.cause, after, Stop{name, options_.grace},
                 decision.service);
      stops_[decision.service].push_back(last);
      after = {last};
    }
    if (goes) {
      RemoveContainer removal{.container = name};
      if (decision.action == Action::recreate && !options_.renew_volumes) {
        removal.successor = decision.name;
        const engine::Image* image = observed_image(service->second);
        removal.handed_on = anonymous_targets(service->second, image);
        removal.unseen_image = image == nullptr ? service->second.image : "";
      }
      last = add(Verb::remove, subject_of(decision), decision.cause, after, std::move(removal),
                 decision.service);
      removals_.push_back(last);
    }
    taken_away_[{decision.service, decision.number}] = last;
  }

  /// The hooks of a container, one after the other; what the next step has to wait for.
  Indices hooks(const Decision& decision, const std::vector<engine::ExecRequest>& commands, const char* cause,
                bool must_succeed, const std::string& container, Indices after) {
    for (const auto& command : commands) {
      after = {add(Verb::hook, subject_of(decision), cause, after, RunHook{container, command, must_succeed},
                   decision.service)};
    }
    return after;
  }

  bool is_used(const std::string& network) const {
    return std::any_of(decisions_.order.begin(), decisions_.order.end(), [&](const std::string& name) {
      return project_.services.at(name).networks.contains(network);
    });
  }

  void networks() {
    for (const auto& [key, network] : project_.networks) {
      const bool there = observed_.networks.contains(network.name);
      const std::string subject = "network:" + network.name;
      if (!is_used(key) || (there && !decisions_.networks_anew.contains(key))) {
        continue;
      }
      if (network.external) {
        throw base::Error(base::ExitCode::deploy,
                          fmt::format("the external network '{}' does not exist", network.name),
                          "create it first, or remove 'external'");
      }
      Indices after;
      if (there) {
        after = {
            add(Verb::remove, subject, "configuration changed", removals_, RemoveNetwork{network.name}, {})};
      }
      resources_[subject] = add(Verb::create, subject, there ? "configuration changed" : "does not exist",
                                after, network_request(project_, network), {});
    }
  }

  void volumes() {
    for (const auto& name : decisions_.order) {
      for (const auto& mount : project_.services.at(name).mounts) {
        if (mount.type != engine::MountType::volume || mount.source.empty()) {
          continue;
        }
        const Volume& volume = project_.volumes.at(mount.source);
        const std::string subject = "volume:" + volume.name;
        if (observed_.volumes.contains(volume.name) || resources_.contains(subject)) {
          continue;
        }
        if (volume.external) {
          throw base::Error(base::ExitCode::deploy,
                            fmt::format("the external volume '{}' does not exist", volume.name),
                            "create it first, or remove 'external'");
        }
        resources_[subject] =
            add(Verb::create, subject, "does not exist", {}, volume_request(project_, volume), {});
      }
    }
  }

  /// What must be there before a container of the service can be made.
  Indices needed_to_create(const Service& service) const {
    Indices after;
    const auto need = [&](const std::map<std::string, std::size_t>& steps, const std::string& key) {
      if (const auto found = steps.find(key); found != steps.end()) {
        after.push_back(found->second);
      }
    };
    need(pulls_, service.image);
    for (const auto& network : service.networks) {
      need(resources_, "network:" + project_.networks.at(network.first).name);
    }
    for (const auto& mount : service.mounts) {
      if (mount.type == engine::MountType::volume && !mount.source.empty()) {
        need(resources_, "volume:" + project_.volumes.at(mount.source).name);
      }
    }
    for (const std::string* mode : {&service.network_mode, &service.pid, &service.ipc}) {
      if (mode->starts_with("service:")) {
        need(first_created_, mode->substr(8));
      }
    }
    return after;
  }

  Indices needed_to_start(const Service& service) {
    Indices after;
    for (const auto& [name, dependency] : service.depends_on) {
      if (!decisions_.services.contains(name)) {
        continue;
      }
      const auto add_all = [&](const Indices& steps) {
        after.insert(after.end(), steps.begin(), steps.end());
      };
      switch (dependency.condition) {
        case Condition::started:
          add_all(starts_[name]);
          break;
        case Condition::completed:
          add_all(ends_of(project_.services.at(name), service.name));
          break;
        case Condition::healthy:
          add_all(gates_of(project_.services.at(name), service.name));
          break;
      }
    }
    return after;
  }

  bool has_gate(const Service& service) const {
    if (service.healthcheck && !service.healthcheck->test.empty()) {
      return service.healthcheck->test.front() != "NONE";
    }
    // Pulled first: whether it has a check is not known, so one that others wait for must prove it.
    const engine::Image* image = observed_image(service);
    return image == nullptr ? is_awaited(service, Condition::healthy) : image->has_healthcheck;
  }

  GatePolicy policy_of(const Service& service) const {
    GatePolicy policy;
    if (service.healthcheck) {
      policy.check = *service.healthcheck;
    }
    policy.from_image = policy.check.test.empty();
    policy.timeout = patience(policy.check);
    if (const auto found = options_.gates.find(service.name); found != options_.gates.end()) {
      policy.consecutive = std::max(found->second.consecutive, 1);
      if (found->second.timeout.count() > 0) {
        policy.timeout = found->second.timeout;
      }
    }
    if (options_.gate_limit) {
      policy.timeout = std::min(policy.timeout, *options_.gate_limit);
    }
    return policy;
  }

  /// The probes of a service; of containers that were left alone they are made here, for the dependent that
  /// asks.
  Indices gates_of(const Service& service, const std::string& dependent) {
    if (!has_gate(service)) {
      throw base::Error(base::ExitCode::precheck,
                        fmt::format("service '{}' waits for '{}' to be healthy, which has no healthcheck",
                                    dependent, service.name),
                        fmt::format("add a healthcheck to '{}', or wait for service_started", service.name));
    }
    Indices& gates = gates_[service.name];
    if (gates.empty()) {
      for (const auto& decision : decisions_.services.at(service.name)) {
        if (decision.action == Action::keep) {
          gates.push_back(add(Verb::probe, subject_of(decision), dependent + " waits for it", {},
                              Probe{decision.name, policy_of(service)}, service.name));
        }
      }
    }
    return gates;
  }

  /// The ends of a one-shot; containers that still run from an earlier time are waited for, too.
  Indices ends_of(const Service& service, const std::string& dependent) {
    Indices& waits = waits_[service.name];
    if (waits.empty()) {
      for (const auto& decision : decisions_.services.at(service.name)) {
        if (decision.action == Action::keep && decision.was_running) {
          waits.push_back(add(Verb::wait, subject_of(decision), dependent + " waits for its end", {},
                              WaitExit{decision.name, options_.completion_timeout}, service.name));
        }
      }
    }
    return waits;
  }

  bool is_awaited(const Service& service, Condition condition) const {
    return std::any_of(decisions_.order.begin(), decisions_.order.end(), [&](const std::string& name) {
      const auto& dependencies = project_.services.at(name).depends_on;
      const auto found = dependencies.find(service.name);
      return found != dependencies.end() && found->second.condition == condition;
    });
  }

  std::size_t make(const Service& service, const Decision& decision) {
    if (service.gpu) {
      throw base::Error(base::ExitCode::precheck,
                        fmt::format("{}: service '{}' asks for a GPU, and fresh-clone gives containers none",
                                    service.gpu->text(), service.name),
                        "take the reservation out, for instance by '!reset' in an override file");
    }
    Indices after = needed_to_create(service);
    if (const auto away = taken_away_.find({decision.service, decision.number}); away != taken_away_.end()) {
      after.push_back(away->second);
    }
    const engine::Image* image = observed_image(service);
    const auto id = image == nullptr ? std::nullopt : std::optional(image->id);
    const std::string subject = subject_of(decision);
    std::size_t last = add(Verb::create, subject, decision.cause, after,
                           container_request(project_, service, decision.number, id), service.name);
    first_created_.emplace(service.name, last);
    for (auto& [folder, files] : injected_files(service, project_)) {
      last = add(Verb::inject, subject, "has secrets or configs", {last},
                 Inject{decision.name, folder, std::move(files)}, service.name);
    }
    return last;
  }

  void bring_up(const Service& service) {
    for (const auto& decision : decisions_.services.at(service.name)) {
      if (decision.action == Action::keep || decision.action == Action::remove) {
        continue;
      }
      if (!options_.start) {
        if (decision.action == Action::create || decision.action == Action::recreate) {
          make(service, decision);
        }
        continue;
      }
      Indices after = needed_to_start(service);
      std::string cause = decision.cause;
      if (decision.action == Action::create || decision.action == Action::recreate) {
        after.push_back(make(service, decision));
        cause = "is created";
      } else if (const auto away = taken_away_.find({decision.service, decision.number});
                 away != taken_away_.end()) {
        after.push_back(away->second);
      }
      const bool awaited = is_awaited(service, Condition::completed);
      const std::string subject = subject_of(decision);
      const std::size_t start =
          add(Verb::start, subject, cause, after, Start{decision.name, awaited}, service.name);
      const Indices begun = hooks(decision, service.post_start, "post_start", true, decision.name, {start});
      starts_[service.name].insert(starts_[service.name].end(), begun.begin(), begun.end());
      if (awaited) {
        waits_[service.name].push_back(add(Verb::wait, subject, "others wait for its end", {start},
                                           WaitExit{decision.name, options_.completion_timeout},
                                           service.name));
      } else if (has_gate(service)) {
        gates_[service.name].push_back(add(Verb::probe, subject, "has a healthcheck", {start},
                                           Probe{decision.name, policy_of(service)}, service.name));
      }
    }
  }

  const Project& project_;
  const Observed& observed_;
  const PlanOptions& options_;
  Decisions decisions_;
  Plan plan_;
  std::map<std::string, std::size_t> pulls_;          // by image
  std::map<std::string, std::size_t> resources_;      // by subject
  std::map<std::string, std::size_t> first_created_;  // by service
  std::map<std::pair<std::string, int>, std::size_t> taken_away_;
  std::map<std::string, Indices> stops_;  // these four by service
  std::map<std::string, Indices> starts_;
  std::map<std::string, Indices> gates_;
  std::map<std::string, Indices> waits_;
  Indices removals_;
};

}  // namespace

Plan plan(const Project& project, const Observed& observed, const PlanOptions& options) {
  return Planner(project, observed, options).run();
}

}  // namespace fresh::compose
