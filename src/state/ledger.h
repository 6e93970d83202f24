#pragma once

#include "state/records.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fresh::state {

/// The memory of a project between runs: an SQLite file, written through (WAL, synchronous FULL), so that
/// what a call recorded survives a kill. Each call is one transaction and may come from any thread. All throw
/// base::Error (precheck) when the file cannot be used.
class Ledger {
 public:
  /// Opens or makes the file and its folder, and brings an older schema up to date in one transaction.
  /// Refuses a newer schema. A file that is no intact database is copied to <file>.corrupt and refused with
  /// the remedy.
  explicit Ledger(const std::filesystem::path& file);
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;
  ~Ledger();

  /// The schema that this program writes.
  static int newest_schema();

  /// Records a run as RUNNING; `result`, `ended` and what else is known only at the end are not looked at.
  /// Refuses an id that exists.
  void begin_run(const RunRecord& run);
  /// Records how the run came out; `run.id` must have begun.
  void finish_run(const RunRecord& run);
  /// Marks runs that never ended as DIED and returns their ids, oldest first. The caller holds the run lock.
  std::vector<std::string> settle_dead_runs(const std::string& now);
  /// The newest `count` runs, newest first.
  std::vector<RunRecord> last_runs(int count);

  /// Records a gate of a run that has begun; the last word about a gate counts.
  void record_gate(const std::string& run, const GateRecord& gate);
  /// In the order of the first recording.
  std::vector<GateRecord> gates(const std::string& run);

  /// Records the images of a run that has begun.
  void record_images(const std::string& run, const std::vector<ImageRecord>& images);
  /// Sorted by name.
  std::vector<ImageRecord> images(const std::string& run);

  std::optional<Baseline> find_baseline(const BaselineKey& key);
  /// Records the first results of a key. False, and nothing is changed, when the key has a baseline already.
  bool record_baseline(const Baseline& baseline);

  /// How long each notebook took when it last ran, for starting the longest first.
  std::map<std::string, std::chrono::milliseconds> last_notebook_durations();
  void record_notebook_durations(const std::map<std::string, std::chrono::milliseconds>& durations);

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace fresh::state
