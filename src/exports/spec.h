#pragma once

#include "base/clock.h"
#include "base/exit_code.h"
#include "state/records.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fresh::exports {

/// The version of status.json, run_manifest.json and events.jsonl: keys are added under the same number,
/// never changed.
inline constexpr int schema_version = 1;

/// One thing a gate looked at; a test case of junit.xml.
struct CheckReport {
  std::string name = {};
  std::string result = {};  ///< `passed`, `failed`, `skipped`
  base::Milliseconds took{0};
  std::string message = {};
};

struct GateReport {
  std::string id = {};      ///< `G4_BUILD`
  std::string result = {};  ///< `passed`, `failed`, `skipped`, `not_reached`
  base::Milliseconds took{0};
  std::string reason = {};
  std::string remediation = {};  ///< what to do; never empty for a failed gate
  std::vector<CheckReport> checks = {};
};

/// One notebook: a suite of junit.xml, its cells the cases.
struct NotebookReport {
  std::string path = {};
  std::string result = {};  ///< `passed`, `failed`, `not_applicable`, `not_reached`
  base::Milliseconds took{0};
  std::string reason = {};
  std::vector<CheckReport> cells = {};
};

/// A step, for the list of the slowest.
struct StepReport {
  std::string subject = {};
  std::string text = {};
  std::string outcome = {};
  base::Milliseconds took{0};
};

struct EngineReport {
  std::string name = {};  ///< `podman`, `docker`
  std::string version = {};
  std::string api_version = {};
  std::string host = {};            ///< operating system, kernel and architecture
  std::string connection = {};      ///< the one resolved URI
  std::string chosen_because = {};  ///< `--engine`, `fresh-clone.yaml`, `CONTAINER_HOST`, ...
};

/// What gate G3 removed, or why it did not.
struct ResetReport {
  std::string action = {};                ///< `reset`, `kept (--no-reset)`, `not_reached`
  std::vector<std::string> removed = {};  ///< subjects: `volume:demo_data`, `container:demo-db-1`
};

/// The vault at the end of gate G5; not there where none is declared or the profile has none.
struct VaultReport {
  std::string service = {};
  std::string action = {};  ///< `initialised`, `unsealed`, `already open`
  std::string version = {};
  bool initialized = false;
  bool sealed = true;
  std::string keys_file = {};  ///< its name, never its content
  std::size_t changes = 0;     ///< calls that made its content as declared
};

/// An input that is not what the lock says.
struct Drift {
  std::string subject = {};  ///< `package:debian:curl`, `image:localhost/x:1`
  std::string from = {};
  std::string to = {};
};

/// What the results were held against (gate G9).
struct BaselineReport {
  std::string verdict = {};  ///< `equal`, `different`, `recorded`, `not_compared`
  std::string source = {};   ///< `ledger`, `fresh-clone.lock`, a path; empty when there was none
  std::string fingerprint = {};
  std::vector<std::string> differences = {};  ///< a line each: notebook, cell, output
};

/// Where the log of what failed can be read, and its last lines.
struct LogTail {
  std::string file = {};  ///< relative to the folder of the run
  std::vector<std::string> lines = {};
};

/// All that the outputs of a run say (docs/formats.md, exports). A run that failed fills in what it knows.
struct RunReport {
  std::string run_id = {};
  std::string project = {};
  std::string commit_sha = {};
  bool dirty = false;
  std::int64_t seed = 42;
  std::string mode = {};     ///< `strict` or `no-reset`
  std::string profile = {};  ///< of the stack: `default`, `dev`, ...
  bool passed = false;
  bool notebooks_skipped = false;  ///< --skip-notebooks: a diagnostic run
  std::optional<std::string> failed_gate = {};
  std::string reason = {};       ///< of the failure, one line
  std::string remediation = {};  ///< what to do about it
  base::ExitCode exit_code = base::ExitCode::pass;
  base::WallTime started = {};
  base::WallTime ended = {};
  base::Milliseconds duration{0};  ///< from the monotonic clock

  std::vector<GateReport> gates = {};
  std::map<std::string, bool> services = {};  ///< name as in the stack -> healthy
  std::vector<NotebookReport> notebooks = {};
  std::string notebooks_tsv = {};  ///< notebook_run_report.tsv, whole; notebooks::report_tsv writes it
  bool determinism_passed = false;
  BaselineReport baseline = {};
  std::string fingerprint = {};         ///< of the results, 64 hex digits; empty when not reached
  std::string inputs_fingerprint = {};  ///< of the inputs
  std::string grade = {};

  EngineReport engine = {};
  ResetReport reset = {};
  std::optional<VaultReport> vault = {};
  std::map<std::string, std::string> machine = {};      ///< wanted and found: `cpus.wanted` -> `4`
  std::map<std::string, std::string> environment = {};  ///< lines of environment.txt; no secrets
  std::string environment_provider = {};
  std::string dependency_fingerprint = {};
  std::vector<state::ImageRecord> images = {};
  std::map<std::string, std::string> locks = {};      ///< lock file -> sha256
  std::map<std::string, std::string> controls = {};   ///< determinism controls: `TZ` -> `UTC`
  std::map<std::string, std::string> artifacts = {};  ///< declared artefact -> sha256
  std::vector<Drift> drifts = {};
  std::vector<StepReport> steps = {};
  std::vector<std::string> warnings = {};
  std::vector<std::string> notes = {};
  LogTail log_tail = {};
  std::vector<std::string> not_written = {};  ///< outputs that could not be written, and why; in no output
};

/// How many notebooks came out how; the four add up to `total`.
struct NotebookCounts {
  int total = 0;
  int pass = 0;
  int fail = 0;
  int not_applicable = 0;
};

/// Anything but `passed` and `not_applicable` counts as failed.
NotebookCounts count(const std::vector<NotebookReport>& notebooks);

}  // namespace fresh::exports
