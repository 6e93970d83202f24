#pragma once

#include "base/exit_code.h"

#include <filesystem>
#include <string>

namespace fresh::trust {

/// What a path must be, to hold a secret.
struct PrivateRule {
  bool folder = false;                             ///< else a regular file
  base::ExitCode code = base::ExitCode::precheck;  ///< of the error
  std::string if_read = {};                        ///< what to do if others may have read it
};

/// Whether there is a file (or folder) at `path`. One that is there must belong to this user, be of the kind
/// asked for, no symbolic link, and closed to all others: throws base::Error with the command that mends it.
bool check_private(const std::filesystem::path& path, const PrivateRule& rule);

}  // namespace fresh::trust
