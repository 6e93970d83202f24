#include "compose/plan.h"

#include "base/error.h"
#include "compose/anonymous_volumes.h"
#include "compose/check.h"
#include "compose/decide.h"
#include "compose/gate_policy.h"
#include "compose/inject.h"
#include "compose/namespaces.h"
#include "compose/preparation.h"
#include "compose/request.h"
#include "compose/resource_steps.h"
#include "compose/step_list.h"
#include "compose/succession.h"
#include "compose/walk.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::compose {
namespace {

std::string subject_of(const Decision& decision) {
  return fmt::format("service:{}:{}", decision.service, decision.number);
}

class Planner {
 public:
  Planner(const Project& project, const Observed& observed, const PlanOptions& options)
      : project_(project),
        observed_(observed),
        options_(options),
        decisions_(decide(project, observed, options)),
        resources_(project, observed, decisions_, steps_) {}

  Plan run() {
    for (const auto& name : decisions_.order) {
      pull(project_.services.at(name));
    }
    resources_.create_missing();
    for (const auto& name : decisions_.order) {
      make_successors(project_.services.at(name));
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
    resources_.renew_changed(removals_);
    for (const auto& name : decisions_.order) {
      bring_up(project_.services.at(name));
    }
    return {.steps = steps_.take(), .notes = std::move(decisions_.notes)};
  }

 private:
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
    pulls_[service.image] = steps_.add(Verb::pull, "image:" + service.image, "is not there", {},
                                       std::move(request), service.name);
  }

  /// The service's image as the engine has it, or null.
  const engine::Image* observed_image(const Service& service) const {
    const auto found = observed_.images.find(service.image);
    return found == observed_.images.end() ? nullptr : &found->second;
  }

  void take_away(const Decision& decision) {
    const bool goes = decision.action == Action::recreate || decision.action == Action::remove;
    if (decision.surplus || (!goes && (decision.action != Action::restart || !options_.start))) {
      return;
    }
    const std::pair key(decision.service, decision.number);
    const std::string name = decision.old_name.empty() ? decision.name : decision.old_name;
    Indices after;
    const auto service = project_.services.find(decision.service);
    if (service != project_.services.end()) {
      // The old one serves until the new image, and where it can be the new container, is there.
      if (const auto pulled = pulls_.find(service->second.image); pulled != pulls_.end()) {
        after.push_back(pulled->second);
      }
      add_made(service->first, after);
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
      last = steps_.add(Verb::stop, subject_of(decision), decision.cause, after, Stop{name, options_.grace},
                        decision.service);
      stops_[decision.service].push_back(last);
      after = {last};
    }
    if (goes) {
      for (const auto& [other, step] : taken_away_) {
        const auto joiner = project_.services.find(other.first);
        if (joiner != project_.services.end() && joined_services(joiner->second).contains(decision.service)) {
          after.push_back(step);
        }
      }
      RemoveContainer removal{.container = name};
      if (decision.action == Action::recreate) {
        removal.successor = made_name(decision);
      }
      if (decision.action == Action::recreate && !options_.renew_volumes) {
        const engine::Image* image = observed_image(service->second);
        removal.handed_on = anonymous_targets(service->second, image);
        removal.unseen_image = image == nullptr ? service->second.image : "";
      }
      last = steps_.add(Verb::remove, subject_of(decision), decision.cause, after, std::move(removal),
                        decision.service);
      removals_.push_back(last);
    }
    taken_away_[key] = last;
  }

  /// The successors of the service and of what it depends on: when one of them is refused, all stay as they
  /// are.
  void add_made(const std::string& service, Indices& steps) const {
    for (const auto& name : meant_in_order(project_, {service}, true)) {
      for (const auto& [container, step] : made_) {
        if (container.first == name) {
          steps.push_back(step);
        }
      }
    }
  }

  /// The name under which a container is created.
  std::string made_name(const Decision& decision) const {
    const bool taken = decision.old_name == decision.name;
    return taken && is_made_first(project_, project_.services.at(decision.service), decision, decisions_)
               ? interim_name(decision.name)
               : decision.name;
  }

  /// Creates what can be created while the old containers are still there.
  void make_successors(const Service& service) {
    for (const auto& decision : decisions_.services.at(service.name)) {
      if (decision.surplus) {
        Indices after;
        if (decision.was_running) {
          after = {steps_.add(Verb::stop, subject_of(decision), decision.cause, {},
                              Stop{decision.name, options_.grace}, service.name)};
        }
        cleared_.push_back(steps_.add(Verb::remove, subject_of(decision), decision.cause, after,
                                      RemoveContainer{.container = decision.name, .volumes = true},
                                      service.name));
        removals_.push_back(cleared_.back());
      }
    }
    for (const auto& decision : decisions_.services.at(service.name)) {
      if (is_made_first(project_, service, decision, decisions_)) {
        made_[{service.name, decision.number}] = make(service, decision);
      }
    }
  }

  /// The hooks of a container, one after the other; what the next step has to wait for.
  Indices hooks(const Decision& decision, const std::vector<engine::ExecRequest>& commands, const char* cause,
                bool must_succeed, const std::string& container, Indices after) {
    for (const auto& command : commands) {
      after = {steps_.add(Verb::hook, subject_of(decision), cause, after,
                          RunHook{container, command, must_succeed}, decision.service)};
    }
    return after;
  }

  /// What must be there before a container of the service can be made.
  Indices needed_to_create(const Service& service) const {
    Indices after = resources_.needed_by(service);
    const auto need = [&](const std::map<std::string, std::size_t>& steps, const std::string& key) {
      if (const auto found = steps.find(key); found != steps.end()) {
        after.push_back(found->second);
      }
    };
    need(pulls_, service.image);
    for (const auto& joined : joined_services(service)) {
      need(first_created_, joined);
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
    return compose::has_gate(service, observed_image(service), is_awaited(service, Condition::healthy));
  }

  /// The probes of a service; of containers that were left alone they are made here, for the dependent that
  /// asks.
  Indices gates_of(const Service& service, const std::string& dependent) {
    if (!has_gate(service)) {
      refuse_without_gate(dependent, service.name);
    }
    Indices& gates = gates_[service.name];
    if (gates.empty()) {
      for (const auto& decision : decisions_.services.at(service.name)) {
        if (decision.action == Action::keep) {
          gates.push_back(steps_.add(Verb::probe, subject_of(decision), dependent + " waits for it", {},
                                     Probe{decision.name, gate_policy(service, options_)}, service.name));
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
          waits.push_back(steps_.add(Verb::wait, subject_of(decision), dependent + " waits for its end", {},
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
    refuse_gpu(service);
    Indices after = needed_to_create(service);
    after.insert(after.end(), cleared_.begin(), cleared_.end());
    if (const auto away = taken_away_.find({decision.service, decision.number}); away != taken_away_.end()) {
      after.push_back(away->second);
    }
    const engine::Image* image = observed_image(service);
    const auto id = image == nullptr ? std::nullopt : std::optional(image->id);
    const std::string subject = subject_of(decision);
    engine::ContainerSpec request = container_request(project_, service, decision.number, id);
    request.name = made_name(decision);
    const std::string name = request.name;
    std::size_t last =
        steps_.add(Verb::create, subject, decision.cause, after, std::move(request), service.name);
    first_created_.emplace(service.name, last);
    for (auto& [folder, files] : injected_files(service, project_)) {
      last = steps_.add(Verb::inject, subject, "has secrets or configs", {last},
                        Inject{name, folder, std::move(files)}, service.name);
    }
    return last;
  }

  /// What has to be done until a new container is there, under its name and alone.
  Indices in_place(const Service& service, const Decision& decision) {
    const std::pair key(service.name, decision.number);
    const auto made = made_.find(key);
    if (made == made_.end()) {
      return {make(service, decision)};
    }
    const std::string name = made_name(decision);
    if (name == decision.name) {
      return {made->second, taken_away_.at(key)};
    }
    const auto renamed =
        steps_.add(Verb::rename, subject_of(decision), "the old one is gone",
                   {made->second, taken_away_.at(key)}, Rename{name, decision.name}, service.name);
    if (decision.number == 1) {
      first_created_[service.name] = renamed;
    }
    return {renamed};
  }

  /// Sets a start up that has to wait for others anyway.
  void prepare(const Service& service, const Decision& decision, Indices& before_start) {
    const bool waits = std::any_of(before_start.begin(), before_start.end(),
                                   [&](std::size_t index) { return is_wait(steps_.at(index)); });
    const auto& all = decisions_.services.at(service.name);
    const bool is_first =
        std::none_of(all.begin(), all.end(), [](const auto& one) { return one.was_running; });
    if (waits && is_first && observed_.flavor == engine::Flavor::podman &&
        can_be_prepared(service, project_)) {
      // The last is what made it.
      before_start.back() = steps_.add(Verb::prepare, subject_of(decision), "waits for others",
                                       {before_start.back()}, Prepare{decision.name}, service.name);
    }
  }

  void bring_up(const Service& service) {
    for (const auto& decision : decisions_.services.at(service.name)) {
      if (decision.action == Action::keep || decision.action == Action::remove) {
        continue;
      }
      if (!options_.start) {
        if (decision.action == Action::create || decision.action == Action::recreate) {
          in_place(service, decision);
        }
        continue;
      }
      Indices after = needed_to_start(service);
      std::string cause = decision.cause;
      if (decision.action == Action::create || decision.action == Action::recreate) {
        const Indices made = in_place(service, decision);
        after.insert(after.end(), made.begin(), made.end());
        cause = "is created";
      } else if (const auto away = taken_away_.find({decision.service, decision.number});
                 away != taken_away_.end()) {
        after.push_back(away->second);
      }
      if (decision.action == Action::create) {
        prepare(service, decision, after);
      }
      const bool awaited = is_awaited(service, Condition::completed);
      const std::string subject = subject_of(decision);
      const std::size_t start =
          steps_.add(Verb::start, subject, cause, after, Start{decision.name, awaited}, service.name);
      const Indices begun = hooks(decision, service.post_start, "post_start", true, decision.name, {start});
      starts_[service.name].insert(starts_[service.name].end(), begun.begin(), begun.end());
      if (awaited) {
        waits_[service.name].push_back(steps_.add(Verb::wait, subject, "others wait for its end", {start},
                                                  WaitExit{decision.name, options_.completion_timeout},
                                                  service.name));
      } else if (has_gate(service)) {
        gates_[service.name].push_back(steps_.add(Verb::probe, subject, "has a healthcheck", {start},
                                                  Probe{decision.name, gate_policy(service, options_)},
                                                  service.name));
      }
    }
  }

  const Project& project_;
  const Observed& observed_;
  const PlanOptions& options_;
  Decisions decisions_;
  StepList steps_;
  ResourceSteps resources_;
  std::map<std::string, std::size_t> pulls_;          // by image
  std::map<std::string, std::size_t> first_created_;  // by service
  std::map<std::pair<std::string, int>, std::size_t> taken_away_;
  std::map<std::pair<std::string, int>, std::size_t> made_;  // before the old one goes
  Indices cleared_;                                          // removals of what was half made
  std::map<std::string, Indices> stops_;                     // these four by service
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
