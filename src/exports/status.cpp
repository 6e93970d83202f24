#include "exports/status.h"

#include "exports/json_text.h"
#include "exports/plain_text.h"
#include "exports/report_json.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace fresh::exports {
namespace {

using nlohmann::json;

constexpr std::size_t shown_digits = 12;

/// The names in status.json are identifiers. Two services that fall together are healthy only when both are.
json services_of(const RunReport& report) {
  std::map<std::string, bool> healthy;
  for (const auto& [name, is_healthy] : report.services) {
    std::string identifier = name;
    std::replace(identifier.begin(), identifier.end(), '-', '_');
    const auto [entry, is_new] = healthy.emplace(identifier, is_healthy);
    entry->second = entry->second && is_healthy;
  }
  json services = json::object();
  for (const auto& [name, is_healthy] : healthy) {
    services[name] = is_healthy ? "healthy" : "unhealthy";
  }
  return services;
}

json gates_of(const RunReport& report) {
  json gates = json::array();
  for (const auto& gate : report.gates) {
    gates.push_back(gate_json(gate));
  }
  return gates;
}

}  // namespace

std::string status_json(const RunReport& report) {
  const NotebookCounts notebooks = count(report.notebooks);
  return json_text({
      {"schema", schema_version},
      {"run_id", report.run_id},
      {"project", report.project},
      {"commit_sha", report.commit_sha},
      {"dirty", report.dirty},
      {"seed", report.seed},
      {"mode", report.mode},
      {"profile", report.profile},
      {"result", report.passed ? "PASS" : "FAIL"},
      {"failed_gate", report.failed_gate ? json(*report.failed_gate) : json()},
      {"reason", report.reason},
      {"remediation", report.remediation},
      {"exit_code", number(report.exit_code)},
      {"notebooks_skipped", report.notebooks_skipped},
      {"started_at_utc", base::rfc3339(report.started)},
      {"ended_at_utc", base::rfc3339(report.ended)},
      {"duration_seconds", report.duration.count() / 1000},
      {"duration_ms", report.duration.count()},
      {"services", services_of(report)},
      {"notebooks",
       {{"total", notebooks.total},
        {"pass", notebooks.pass},
        {"fail", notebooks.fail},
        {"not_applicable", notebooks.not_applicable}}},
      {"determinism_gate", determinism_gate(report)},
      {"fingerprint", report.fingerprint},
      {"grade", report.grade},
      {"gates", gates_of(report)},
  });
}

std::string final_line(const RunReport& report) {
  const std::string took = base::shown(report.duration);
  if (report.passed) {
    const std::string fingerprint =
        report.fingerprint.empty() ? std::string("none") : report.fingerprint.substr(0, shown_digits);
    return fmt::format("PASS run={} fingerprint={} {}{}", report.run_id, fingerprint, took,
                       report.notebooks_skipped ? " (diagnostics: notebooks were skipped)" : "");
  }
  const std::string reason = one_line(report.reason);
  return fmt::format("FAIL run={} gate={} exit={} {}{}{}", report.run_id, report.failed_gate.value_or("none"),
                     number(report.exit_code), took, reason.empty() ? "" : ": ", reason);
}

}  // namespace fresh::exports
