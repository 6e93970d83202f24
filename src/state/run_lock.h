#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace fresh::state {

/// Who works on the project right now.
struct LockHolder {
  std::int64_t pid = 0;
  std::string host = {};
  std::string run = {};
  std::string gate = {};   ///< the gate it is in; empty before the first
  std::string since = {};  ///< RFC 3339

  bool operator==(const LockHolder&) const = default;
};

/// The right to work on a project, one process at a time: flock(2) on <state folder>/lock. The kernel frees
/// it when the process dies, however it dies. The file's content names the holder.
class RunLock {
 public:
  /// Takes the lock without waiting. When another has it: throws base::Error (locked) that names the holder.
  RunLock(const std::filesystem::path& state_folder, LockHolder self);
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  ~RunLock();

  /// Says in the lock file which gate the run is in.
  void enter_gate(const std::string& gate);

  /// The present holder, or nothing when the lock is free. Fields are empty when the holder has not written
  /// them yet.
  static std::optional<LockHolder> holder(const std::filesystem::path& state_folder);

 private:
  void write_holder() const;

  std::filesystem::path file_;
  LockHolder self_;
  int descriptor_ = -1;
};

/// This process, as a lock holder: its pid and the name of the host.
LockHolder this_process(std::string run, std::string since);

}  // namespace fresh::state
