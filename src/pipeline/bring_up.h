#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "compose/observe.h"
#include "compose/plan.h"
#include "compose/run.h"
#include "compose/spec.h"
#include "engine/engine.h"
#include "exports/spec.h"
#include "pipeline/project.h"
#include "pipeline/settings.h"
#include "trust/credentials.h"
#include "trust/redact.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::pipeline {

struct BringUpRequest {
  const ProjectSpec& project;
  const Surroundings& surroundings;
  const compose::Project& stack;
  const std::vector<trust::Credential>& credentials;
  trust::Redactor& redactor;  ///< learns the vault's keys
  std::string engine_uri;
  compose::PlanOptions plan = {};
  static constexpr base::Milliseconds usual_settle{200};
  base::Milliseconds settle = usual_settle;  ///< compose::RunOptions
  /// Called with what was found and what will be done, before anything is changed; what it throws ends the
  /// bring-up.
  std::function<void(const compose::Observed&, const compose::Plan&)> on_planned = {};
  /// compose::RunOptions
  std::function<void(const std::string& service, const std::string& container)> before_start = {};
  std::set<std::string> watched = {};
  const base::Clock& clock;
  base::EventSink sink = base::ignore_event;
  std::stop_token stop = {};
};

struct BroughtUp {
  compose::Observed observed;  ///< before anything was done
  compose::Plan plan;
  compose::RunResult stack;
  /// Not there where none is declared, the profile has none, or it was not asked for.
  std::optional<exports::VaultReport> vault;

  /// The services whose gates opened just now.
  std::map<std::string, bool> healthy() const;
};

/// Tells of each key of the stack that this engine does not apply as it is written: a warning where it is
/// ignored, a notice where it is met in another way.
void tell_support(const compose::Project& stack, const engine::Version& version, const base::EventSink& sink);

/// Tells which keys this engine does not apply as written, and makes it hold the stack, every health gate
/// open. The vault is opened meanwhile, as soon as its service has started, or now where it runs: it is
/// healthy only when unsealed, and others wait for it. The first failure of either ends both and is thrown.
BroughtUp bring_up(const BringUpRequest& request, engine::Engine& engine);

/// Walks a plan that is about some services of the stack; a vault among those is opened in the same way.
compose::RunResult carry_out(const BringUpRequest& request, const compose::Plan& plan,
                             const compose::Observed& observed, engine::Engine& engine);

}  // namespace fresh::pipeline
