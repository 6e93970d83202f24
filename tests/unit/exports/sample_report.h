#pragma once

#include "exports/spec.h"

namespace fresh::exports {

/// 2026-11-21T06:19:14.123Z.
inline base::WallTime sample_time() {
  return base::WallTime(
      std::chrono::duration_cast<base::WallTime::duration>(base::Milliseconds(1'795'241'954'123)));
}

/// A run with something in every field, which passed.
inline RunReport passed_report() {
  using base::Milliseconds;
  RunReport report;
  report.run_id = "20261121T061914Z-3f9a2c";
  report.project = "janusgraph-demo";
  report.commit_sha = "0123456789012345678901234567890123456789";
  report.mode = "strict";
  report.profile = "default";
  report.passed = true;
  report.started = sample_time();
  report.ended = sample_time() + Milliseconds(192'400);
  report.duration = Milliseconds(192'400);
  report.gates = {
      {.id = "G0_PRECHECK",
       .result = "passed",
       .took = Milliseconds(120),
       .reason = "all there",
       .checks = {{.name = "disk", .result = "passed", .took = Milliseconds(3), .message = "51 GB free"}}},
      {.id = "G8_NOTEBOOKS", .result = "passed", .took = Milliseconds(12'000), .reason = "2 of 2"},
      {.id = "G10_STATUS", .result = "passed", .took = Milliseconds(4), .reason = "complete"},
  };
  report.services = {{"analytics-api", true}, {"janusgraph", true}};
  report.notebooks = {
      {.path = "notebooks/a.ipynb",
       .result = "passed",
       .took = Milliseconds(5000),
       .cells = {{.name = "cell 1: import", .result = "passed", .took = Milliseconds(410)}}},
      {.path = "notebooks/b.ipynb", .result = "passed", .took = Milliseconds(7000)},
  };
  report.notebooks_tsv = "notebook\tresult\nnotebooks/a.ipynb\tpassed\nnotebooks/b.ipynb\tpassed\n";
  report.determinism_passed = true;
  report.baseline = {.verdict = "equal", .source = "ledger", .fingerprint = std::string(64, 'a')};
  report.fingerprint = std::string(64, 'a');
  report.inputs_fingerprint = std::string(64, 'b');
  report.grade = "A";
  report.engine = {.name = "podman",
                   .version = "4.3.1",
                   .api_version = "1.41",
                   .host = "linux amd64",
                   .connection = "unix:///run/podman/podman.sock",
                   .chosen_because = "--engine"};
  report.reset = {.action = "reset", .removed = {"volume:demo_data"}};
  report.machine = {{"cpus.found", "8"}, {"cpus.wanted", "4"}};
  report.environment = {{"PYTHONHASHSEED", "0"}, {"TZ", "UTC"}};
  report.environment_provider = "uv";
  report.dependency_fingerprint = std::string(64, 'c');
  report.images = {{.name = "localhost/z:1", .id = "sha256:2", .source = "cached", .inputs_key = "k2"},
                   {.name = "localhost/a:1", .id = "sha256:1", .source = "built", .inputs_key = "k1"}};
  report.locks = {{"images/hcd/inputs.lock", std::string(64, 'd')}};
  report.controls = {{"TZ", "UTC"}};
  report.artifacts = {{"graph/vertices.csv", std::string(64, 'e')}};
  report.drifts = {{.subject = "package:curl", .from = "7.88.1-10", .to = "7.88.1-11"}};
  report.steps = {
      {.subject = "image:localhost/a:1", .text = "build", .outcome = "ok", .took = Milliseconds(9000)},
      {.subject = "service:db:1", .text = "start", .outcome = "ok", .took = Milliseconds(30)}};
  report.warnings = {"inputs moved"};
  report.notes = {"first run on this machine"};
  return report;
}

/// A run whose notebooks failed.
inline RunReport failed_report() {
  RunReport report = passed_report();
  report.passed = false;
  report.failed_gate = "G8_NOTEBOOKS";
  report.exit_code = base::ExitCode::notebooks;
  report.reason = "notebook 'notebooks/b.ipynb' failed in cell 3: \x1b[31mValueError\x1b[0m";
  report.remediation = "open exports/r/notebooks/b.ipynb and look at cell 3";
  report.determinism_passed = false;
  report.fingerprint = "";
  report.grade = "";
  report.baseline = {.verdict = "not_compared"};
  report.gates[1].result = "failed";
  report.gates[1].reason = report.reason;
  report.gates[1].remediation = report.remediation;
  report.gates[2].result = "not_reached";
  report.notebooks[1].result = "failed";
  report.notebooks[1].reason = report.reason;
  report.notebooks_tsv = "notebook\tresult\nnotebooks/a.ipynb\tpassed\nnotebooks/b.ipynb\tfailed\n";
  report.log_tail = {.file = "logs/notebook-notebooks__b.ipynb.log", .lines = {"Traceback", "ValueError: 3"}};
  return report;
}

}  // namespace fresh::exports
