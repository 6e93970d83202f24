#pragma once

#include "base/exit_code.h"

#include <array>
#include <string>
#include <string_view>

namespace fresh::pipeline {

/// The gates of a run, in their order: a schema (README.md, the table of gates).
enum class Gate {
  precheck,
  podman,
  env,
  reset,
  build,
  deploy_vault,
  runtime_contract,
  seed,
  notebooks,
  determinism,
  status,
};

inline constexpr std::array<Gate, 11> all_gates{
    Gate::precheck,         Gate::podman, Gate::env,       Gate::reset,       Gate::build, Gate::deploy_vault,
    Gate::runtime_contract, Gate::seed,   Gate::notebooks, Gate::determinism, Gate::status};

/// `G0_PRECHECK` ... `G10_STATUS`.
std::string_view gate_id(Gate gate);

/// What passing means, in half a line for people.
std::string_view gate_title(Gate gate);

/// The exit code of a failure in `gate` that carries `code`: the gate's own, except that G5 fails with
/// `contract` when a service is unhealthy and with `deploy` otherwise, and that an interruption and a bug
/// keep their own.
base::ExitCode failure_code(Gate gate, base::ExitCode code);

enum class GateResult { passed, failed, skipped, not_reached };

/// `passed`, `failed`, `skipped`, `not_reached`.
std::string_view shown(GateResult result);

/// What a gate found. A failed one says why and what to do.
struct GateVerdict {
  GateResult result = GateResult::passed;
  std::string reason = {};
  std::string remediation = {};
  base::ExitCode code = base::ExitCode::pass;

  static GateVerdict passed(std::string why) {
    return {.result = GateResult::passed, .reason = std::move(why)};
  }
  static GateVerdict skipped(std::string why) {
    return {.result = GateResult::skipped, .reason = std::move(why)};
  }
  static GateVerdict failed(base::ExitCode code, std::string why, std::string remedy) {
    return {.result = GateResult::failed,
            .reason = std::move(why),
            .remediation = std::move(remedy),
            .code = code};
  }
};

/// What G4 says of `images` images of which `locks` have a lock, with `drifts` packages that moved. Nothing
/// is said to equal a lock that is not there.
std::string build_summary(std::size_t images, std::size_t locks, std::size_t drifts);

}  // namespace fresh::pipeline
