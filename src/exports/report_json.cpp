#include "exports/report_json.h"

#include "exports/json_text.h"

#include <nlohmann/json.hpp>

namespace fresh::exports {

nlohmann::json gate_json(const GateReport& gate) {
  return {{"id", gate.id},
          {"result", gate.result},
          {"seconds", seconds(gate.took)},
          {"reason", gate.reason},
          {"remediation", gate.remediation}};
}

std::string determinism_gate(const RunReport& report) {
  return report.determinism_passed && !report.notebooks_skipped ? "pass" : "fail";
}

}  // namespace fresh::exports
