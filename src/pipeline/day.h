#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "compose/spec.h"
#include "engine/types.h"
#include "pipeline/connect.h"
#include "pipeline/event_bus.h"
#include "pipeline/project.h"
#include "pipeline/service_state.h"
#include "pipeline/settings.h"
#include "trust/redact.h"

namespace fresh::pipeline {

struct Removal {
  std::vector<std::string> removed;
  std::vector<std::string> remaining;
};

struct Validity {
  std::size_t images = 0;
  std::size_t services = 0;
  std::size_t contracts = 0;
  std::vector<std::string> warnings;
};

/// The verbs of a developer's day: each reads fresh-clone.yaml, connects where it must, and acts once.
/// All throw base::Error as the gates would.
class Day {
 public:
  Day(const Surroundings& surroundings, EventBus& bus, const base::Clock& clock, std::stop_token stop);

  /// Makes missing images, then brings the stack up behind its gates; takes the project's lock meanwhile. Returns the state
  /// of every service: `healthy` where a gate opened now, `not probed` where nothing had to be done.
  std::vector<ServiceState> up(const std::vector<std::string>& services, const std::vector<std::string>& profiles);
  /// Removes what carries the project's label; `volumes` too when asked.
  Removal down(bool volumes);
  /// Every service of the stack; with `health`, each is probed now.
  std::vector<ServiceState> status(bool health);
  /// Log lines, `service | line`; of all services when none is named.
  void logs(const std::vector<std::string>& services, const engine::LogRequest& request,
            const std::function<void(const std::string& line)>& sink);
  /// What `up` would do, as text or JSON; asked through a type that cannot act.
  std::string plan(bool as_json);
  compose::Project model();
  /// The canonical compose model as YAML; the values of credentials are hidden.
  std::string config();
  Validity validate();

 private:
  Connection connected(bool may_start);
  engine::Call call(base::Milliseconds deadline) const { return {.deadline = deadline, .stop = stop_}; }

  const Surroundings& surroundings_;
  EventBus& bus_;
  const base::Clock& clock_;
  std::stop_token stop_;
  ProjectSpec project_;
  std::shared_ptr<trust::Redactor> redactor_ = std::make_shared<trust::Redactor>(std::vector<std::string>());
};

}  // namespace fresh::pipeline
