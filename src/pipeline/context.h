#pragma once

#include "base/clock.h"
#include "compose/spec.h"
#include "determinism/baseline.h"
#include "engine/engine.h"
#include "exports/log_folder.h"
#include "exports/spec.h"
#include "pipeline/event_bus.h"
#include "pipeline/gate.h"
#include "pipeline/project.h"
#include "pipeline/settings.h"
#include "source/git.h"
#include "state/ledger.h"
#include "trust/credentials.h"
#include "trust/redact.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// What the gates of one run share. Each gate reads what earlier ones left and adds its own; nothing else
/// flows.
struct Context {
  const Surroundings& surroundings;
  const RunSettings& settings;
  const base::Clock& clock;
  EventBus& bus;
  base::EventSink sink;
  std::stop_token stop;

  /// What the run's logs could not write, asked by G10.
  std::function<std::vector<std::string>()> log_problems;
  /// Fills in the steps, warnings and notes of the run so far.
  std::function<void(exports::RunReport&)> collect;
  /// Hides the credentials, known since G0, and the vault's keys, known since G5.
  std::shared_ptr<trust::Redactor> redactor = std::make_shared<trust::Redactor>(std::vector<std::string>());

  base::SteadyTime begun = {};
  std::string run_id;
  std::filesystem::path folder;  ///< exports/<run-id>
  exports::RunReport report;

  // G0_PRECHECK
  ProjectSpec project = {};
  source::Commit commit = {};
  std::unique_ptr<state::Ledger> ledger = {};
  std::vector<trust::Credential> credentials = {};
  /// The stack without and with the seeding service's profile.
  compose::Project stack = {};
  compose::Project seed_stack = {};

  // G1_PODMAN
  std::unique_ptr<engine::Engine> engine = {};

  // G2_ENV
  std::map<std::string, std::string> controls = {};
  std::map<std::string, std::string> variables = {};

  // G4_BUILD
  std::vector<std::string> open_builds = {};  ///< services whose build can reach a network

  /// G2 to G8: what came out and what went in, held against the baseline by G9.
  determinism::Baseline outcome = {};
  /// The project declares a committed baseline, and it says nothing of this seed, mode and profile.
  bool declared_baseline_missed = false;

  engine::Call call(base::Milliseconds deadline) const { return {.deadline = deadline, .stop = stop}; }
  /// `default`, or the overlay that --environment names.
  std::string profile() const { return surroundings.environment.value_or("default"); }
};

// The gates, in order. Each returns its verdict or throws base::Error, which is a failure too.
GateVerdict precheck(Context& context);
GateVerdict connect_machine(Context& context);
GateVerdict provide_environment(Context& context);
GateVerdict reset_state(Context& context);
GateVerdict provide_images(Context& context);
GateVerdict deploy(Context& context);
GateVerdict check_contracts(Context& context);
GateVerdict seed(Context& context);
GateVerdict run_notebooks(Context& context);
GateVerdict prove_determinism(Context& context);
GateVerdict write_outputs(Context& context);

}  // namespace fresh::pipeline
