#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fresh::source {

/// Where the project stands.
struct Commit {
  std::string sha;     ///< 40 hex digits
  std::string branch;  ///< empty when HEAD is detached
  bool dirty = false;
  std::vector<std::string>
      dirty_paths;  ///< changed or untracked, relative to the repository, sorted; ignored files do not count
  std::int64_t commit_time = 0;  ///< seconds since 1970, the committer's
};

/// Reads HEAD and the work tree of the repository that holds `folder`. Throws Error (precheck) when there is
/// none, when it has no commit or no work tree, or when it belongs to another user and git has not been told
/// to trust it.
Commit read_commit(const std::filesystem::path& folder);

/// Whether git leaves `path` (absolute, there or not) out of commits: it is ignored and not tracked. True as
/// well where no repository holds `folder`. Throws Error (precheck) when git cannot say.
bool is_ignored(const std::filesystem::path& folder, const std::filesystem::path& path);

}  // namespace fresh::source
