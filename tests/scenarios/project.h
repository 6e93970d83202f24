#pragma once

#include "base/file.h"
#include "scenarios/program.h"
#include "support/real_engines.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fresh::test {

/// How a `fresh-clone run` ended and what it left in exports/<run-id>/.
struct RunOutcome {
  Ended ended;
  std::string id;
  std::filesystem::path folder;

  /// status.json as it is; null when there is none.
  nlohmann::json status() const;
  /// The entry of gates[] with this id; null when there is none.
  nlohmann::json gate(const std::string& id) const;
  /// Every leaf of the results with its digest, as fingerprint.json lists them.
  nlohmann::json leaves() const;
  /// The last line: on stdout, with --json on stderr.
  std::string last_line() const;
};

/// A project folder of a scenario's own: the small stack in a fresh git repository, and fresh-clone run on
/// it.
class Project {
 public:
  /// Every command runs where `engine` publishes its ports and with --engine; null: on what fresh-clone finds
  /// itself. `fill` makes the folder; it must be a git repository afterwards.
  explicit Project(const RealEngine* engine,
                   const std::function<void(const std::filesystem::path&)>& fill = small_stack);
  /// The stack of tests/scenarios/small_stack in a repository of its own.
  static void small_stack(const std::filesystem::path& folder);

  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;
  /// Unmounts what an embedded engine's store leaves mounted, so that the folder can be removed.
  ~Project();

  const std::filesystem::path& folder() const { return folder_; }
  void write(const std::string& file, const std::string& content) const;
  /// Replaces `from` in `file`; throws when it is not there exactly once, so that a scenario cannot miss its
  /// mark.
  void edit(const std::string& file, const std::string& from, const std::string& to) const;
  void remove(const std::string& file) const;
  void commit(const std::string& message) const;
  /// From now on with this engine.
  void use(const RealEngine& engine) { engine_ = &engine; }
  /// Set for every command from now on.
  void set_variable(const std::string& name, const std::string& value) { variables_[name] = value; }
  /// The cache of whoever runs the tests, instead of the tests' own.
  void use_callers_cache() { variables_.erase("XDG_CACHE_HOME"); }
  void use_binary(std::filesystem::path binary) { binary_ = std::move(binary); }
  /// Puts words in front of every command: to run it as another user.
  void set_prefix(std::vector<std::string> words) { prefix_ = std::move(words); }

  /// `fresh-clone ARGUMENTS` on this project.
  Ended command(const std::vector<std::string>& arguments);
  std::unique_ptr<Program> start(const std::vector<std::string>& arguments);
  /// `fresh-clone run --run-id NEXT ARGUMENTS`.
  RunOutcome run(std::vector<std::string> arguments = {});
  /// What an ended run with this id left.
  RunOutcome outcome(Ended ended, const std::string& id) const;
  /// The ids that run() gives: r1, r2, ...
  std::string next_id() { return "r" + std::to_string(++runs_); }

 private:
  const RealEngine* engine_;
  base::TemporaryFolder temporary_;
  std::filesystem::path folder_;
  std::map<std::string, std::string> variables_;
  std::vector<std::string> prefix_;
  std::filesystem::path binary_ = FRESH_BINARY;
  int runs_ = 0;
  int commands_ = 0;
};

/// Runs a program that must succeed; its stdout. Throws with its stderr.
std::string must(const std::vector<std::string>& command, const std::filesystem::path& folder = {});

}  // namespace fresh::test
