#include "exports/manifest.h"

#include "exports/json_text.h"
#include "exports/plain_text.h"
#include "exports/report_json.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace fresh::exports {
namespace {

using nlohmann::json;

json checks_of(const std::vector<CheckReport>& checks) {
  json list = json::array();
  for (const auto& check : checks) {
    list.push_back({{"name", check.name},
                    {"result", check.result},
                    {"seconds", seconds(check.took)},
                    {"message", check.message}});
  }
  return list;
}

json gates_of(const RunReport& report) {
  json gates = json::array();
  for (const auto& gate : report.gates) {
    gates.push_back(gate_json(gate));
    gates.back()["checks"] = checks_of(gate.checks);
  }
  return gates;
}

json notebooks_of(const RunReport& report) {
  json notebooks = json::array();
  for (const auto& notebook : report.notebooks) {
    notebooks.push_back({{"path", notebook.path},
                         {"result", notebook.result},
                         {"seconds", seconds(notebook.took)},
                         {"reason", notebook.reason},
                         {"cells", notebook.cells.size()}});
  }
  return notebooks;
}

json images_of(const RunReport& report) {
  auto sorted = report.images;
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& left, const auto& right) { return left.name < right.name; });
  json images = json::array();
  for (const auto& image : sorted) {
    images.push_back({{"name", image.name},
                      {"id", image.id},
                      {"digest", image.digest},
                      {"source", image.source},
                      {"inputs_key", image.inputs_key},
                      {"layers", image.layers}});
  }
  return images;
}

json drifts_of(const RunReport& report) {
  json drifts = json::array();
  for (const auto& drift : report.drifts) {
    drifts.push_back({{"subject", drift.subject}, {"from", drift.from}, {"to", drift.to}});
  }
  return drifts;
}

json steps_of(const RunReport& report) {
  json steps = json::array();
  for (const auto& step : report.steps) {
    steps.push_back({{"subject", step.subject},
                     {"text", step.text},
                     {"outcome", step.outcome},
                     {"seconds", seconds(step.took)}});
  }
  return steps;
}

json vault_of(const RunReport& report) {
  if (!report.vault) {
    return nullptr;
  }
  const auto& vault = *report.vault;
  return {{"service", vault.service},         {"action", vault.action}, {"version", vault.version},
          {"initialized", vault.initialized}, {"sealed", vault.sealed}, {"keys_file", vault.keys_file},
          {"changes", vault.changes}};
}

json run_of(const RunReport& report) {
  return {{"id", report.run_id},
          {"project", report.project},
          {"commit_sha", report.commit_sha},
          {"dirty", report.dirty},
          {"seed", report.seed},
          {"mode", report.mode},
          {"profile", report.profile},
          {"result", report.passed ? "PASS" : "FAIL"},
          {"failed_gate", report.failed_gate ? json(*report.failed_gate) : json()},
          {"exit_code", number(report.exit_code)},
          {"notebooks_skipped", report.notebooks_skipped},
          {"started_at_utc", base::rfc3339(report.started)},
          {"ended_at_utc", base::rfc3339(report.ended)},
          {"duration_ms", report.duration.count()}};
}

}  // namespace

std::string manifest_json(const RunReport& report) {
  return json_text({
      {"schema", schema_version},
      {"run", run_of(report)},
      {"engine",
       {{"name", report.engine.name},
        {"version", report.engine.version},
        {"api_version", report.engine.api_version},
        {"host", report.engine.host}}},
      {"connection", {{"uri", report.engine.connection}, {"chosen_because", report.engine.chosen_because}}},
      {"machine", report.machine},
      {"environment",
       {{"provider", report.environment_provider},
        {"dependency_fingerprint", report.dependency_fingerprint}}},
      {"reset", {{"action", report.reset.action}, {"removed", report.reset.removed}}},
      {"vault", vault_of(report)},
      {"images", images_of(report)},
      {"locks", report.locks},
      {"drifts", drifts_of(report)},
      {"services", report.services},
      {"notebooks", notebooks_of(report)},
      {"artifacts", report.artifacts},
      {"determinism",
       {{"gate", determinism_gate(report)},
        {"fingerprint", report.fingerprint},
        {"inputs_fingerprint", report.inputs_fingerprint},
        {"grade", report.grade},
        {"controls", report.controls},
        {"baseline",
         {{"verdict", report.baseline.verdict},
          {"source", report.baseline.source},
          {"fingerprint", report.baseline.fingerprint},
          {"differences", report.baseline.differences}}}}},
      {"gates", gates_of(report)},
      {"steps", steps_of(report)},
      {"warnings", report.warnings},
      {"notes", report.notes},
  });
}

std::string images_json(const RunReport& report) {
  return json_text({{"schema", schema_version}, {"run_id", report.run_id}, {"images", images_of(report)}});
}

std::string environment_text(const RunReport& report) {
  std::string text;
  for (const auto& [name, value] : report.environment) {
    text += fmt::format("{}={}\n", one_line(name), one_line(value));
  }
  return text;
}

}  // namespace fresh::exports
