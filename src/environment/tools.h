#pragma once

#include "environment/check.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::environment {

/// A program that a project needs on the host.
struct ToolNeed {
  std::string name;
  std::string why;             ///< `the embedded engine`
  std::string debian_package;  ///< for the remedy; empty: said by name only
  bool ask_version = true;     ///< runs `NAME --version` (5 s at most) for the report
};

/// Looks for each program on PATH; `found` is its path and the first line it says of its version.
std::vector<Check> check_tools(const std::vector<ToolNeed>& needs, const std::stop_token& stop);

/// Whether the file system of `path` (or of its nearest folder that exists) has `need_bytes` free for this
/// user.
Check check_disk(const std::filesystem::path& path, std::int64_t need_bytes);

/// Whether files can be made in `folder`, or in the nearest existing folder above, where it would be made.
/// Tries it.
Check check_writable(const std::filesystem::path& folder);

}  // namespace fresh::environment
