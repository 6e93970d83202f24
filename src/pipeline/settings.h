#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// The flags that docker compose has before its command; paths are absolute.
struct ComposeFlags {
  std::vector<std::filesystem::path> files = {};      ///< -f, --file; `-` is compose::standard_input
  std::optional<std::string> input = {};              ///< what that one holds
  std::string project_name = {};                      ///< -p, --project-name
  std::filesystem::path project_directory = {};       ///< --project-directory
  std::vector<std::filesystem::path> env_files = {};  ///< --env-file
  std::vector<std::string> profiles = {};             ///< --profile
};

/// What every verb takes: where the project is, which engine, and the process's surroundings as data.
struct Surroundings {
  std::filesystem::path project_folder;
  std::optional<std::string> engine = {};       ///< --engine URI
  std::optional<std::string> environment = {};  ///< --environment dev|staging|prod: an overlay of the stack
  std::map<std::string, std::string> variables = {};  ///< the process environment
  ComposeFlags compose = {};
  std::filesystem::path state = {};  ///< in place of <project>/.fresh-clone

  std::filesystem::path home() const;
  /// XDG_CACHE_HOME or ~/.cache.
  std::filesystem::path cache_home() const;
  /// XDG_DATA_HOME or ~/.local/share, with `fresh-clone` below.
  std::filesystem::path data_folder() const;
  /// <project>/.fresh-clone: ledger, lock, credentials.
  std::filesystem::path state_folder() const;
  /// <project>/exports/<run-id>.
  std::filesystem::path run_folder(const std::string& run_id) const;
};

/// The flags of `run` (docs/commands/run.md). An unset optional falls back to fresh-clone.yaml, then to the
/// default.
struct RunSettings {
  std::optional<std::string> run_id = {};
  std::int64_t seed = 42;
  std::optional<std::string> machine_name = {};
  std::optional<std::int64_t> cpus = {};
  std::optional<std::int64_t> memory_mb = {};
  std::optional<std::int64_t> disk_gb = {};
  bool strict = true;  ///< results that differ fail the run; without it they are only said
  bool reset = true;
  bool skip_notebooks = false;
  bool locked = false;
  bool update_baseline = false;  ///< write the committed baseline from this run's results
  std::optional<int> jobs = {};
  std::optional<std::filesystem::path> baseline_file = {};

  /// `strict` or `no-reset`: runs of different modes are never compared.
  std::string mode() const { return reset ? "strict" : "no-reset"; }
};

/// Refuses a run id that cannot be a folder's name or that another run has already (usage).
void check_run_id(const RunSettings& settings, const Surroundings& surroundings);

}  // namespace fresh::pipeline
