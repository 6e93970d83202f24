#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fresh::engine {

/// A process of which we remember enough to know it again: a pid alone may be somebody else's by now.
struct ProcessRecord {
  std::int64_t pid = 0;
  std::string started;  ///< field 22 of /proc/PID/stat
  std::string boot;     ///< /proc/sys/kernel/random/boot_id
  bool operator==(const ProcessRecord&) const = default;
};

/// The record of a running process; nothing when there is none or it is a zombie.
std::optional<ProcessRecord> record_of(std::int64_t pid);
bool still_runs(const ProcessRecord& record);

/// Starts a program in a session of its own, with stdin closed and its output added to `log`, so that it
/// survives this process. Throws base::Error (machine) when it cannot be started.
ProcessRecord start_detached(const std::vector<std::string>& argv,
                             const std::map<std::string, std::string>& environment,
                             const std::filesystem::path& log);

/// SIGTERM, and SIGKILL when it still runs after ten seconds; the same for its children that run the same
/// command line. Returns when they are gone.
void end_process(const ProcessRecord& record);

}  // namespace fresh::engine
