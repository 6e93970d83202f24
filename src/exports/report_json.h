#pragma once

#include "exports/spec.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace fresh::exports {

/// What status.json and run_manifest.json both say of a gate: id, result, seconds, reason, remediation.
nlohmann::json gate_json(const GateReport& gate);

/// `pass` or `fail`: a run that skipped its notebooks proved nothing.
std::string determinism_gate(const RunReport& report);

}  // namespace fresh::exports
