#include "pipeline/gate.h"

namespace fresh::pipeline {

using base::ExitCode;

std::string_view gate_id(Gate gate) {
  switch (gate) {
    case Gate::precheck:
      return "G0_PRECHECK";
    case Gate::podman:
      return "G1_PODMAN";
    case Gate::env:
      return "G2_ENV";
    case Gate::reset:
      return "G3_RESET";
    case Gate::build:
      return "G4_BUILD";
    case Gate::deploy_vault:
      return "G5_DEPLOY_VAULT";
    case Gate::runtime_contract:
      return "G6_RUNTIME_CONTRACT";
    case Gate::seed:
      return "G7_SEED";
    case Gate::notebooks:
      return "G8_NOTEBOOKS";
    case Gate::determinism:
      return "G9_DETERMINISM";
    case Gate::status:
      return "G10_STATUS";
  }
  return "";
}

std::string_view gate_title(Gate gate) {
  switch (gate) {
    case Gate::precheck:
      return "tools, files, disk and permissions";
    case Gate::podman:
      return "machine and engine connection";
    case Gate::env:
      return "declared environment and its lock";
    case Gate::reset:
      return "old state removed";
    case Gate::build:
      return "images from locked inputs";
    case Gate::deploy_vault:
      return "stack up, every health gate open";
    case Gate::runtime_contract:
      return "runtime contracts";
    case Gate::seed:
      return "seed data as asserted";
    case Gate::notebooks:
      return "notebooks within their budgets";
    case Gate::determinism:
      return "results equal to the baseline";
    case Gate::status:
      return "outputs complete and consistent";
  }
  return "";
}

ExitCode failure_code(Gate gate, ExitCode code) {
  if (code == ExitCode::interrupted || code == ExitCode::terminated || code == ExitCode::bug ||
      code == ExitCode::locked) {
    return code;
  }
  switch (gate) {
    case Gate::precheck:
    case Gate::env:
      return ExitCode::precheck;
    case Gate::podman:
      return ExitCode::machine;
    case Gate::reset:
    case Gate::build:
      return ExitCode::deploy;
    case Gate::deploy_vault:
      return code == ExitCode::contract ? ExitCode::contract : ExitCode::deploy;
    case Gate::runtime_contract:
    case Gate::seed:
      return ExitCode::contract;
    case Gate::notebooks:
      return ExitCode::notebooks;
    case Gate::determinism:
      return ExitCode::determinism;
    case Gate::status:
      return ExitCode::outputs;
  }
  return ExitCode::bug;
}

std::string_view shown(GateResult result) {
  switch (result) {
    case GateResult::passed:
      return "passed";
    case GateResult::failed:
      return "failed";
    case GateResult::skipped:
      return "skipped";
    case GateResult::not_reached:
      return "not_reached";
  }
  return "";
}

}  // namespace fresh::pipeline
