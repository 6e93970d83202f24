#include "environment/tools.h"

#include "base/error.h"
#include "base/process.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>

namespace fresh::environment {
namespace {

constexpr base::Milliseconds question_deadline = std::chrono::seconds(5);
constexpr std::int64_t mebibyte = std::int64_t{1024} * 1024;

std::string first_line_of_version(const std::filesystem::path& program, const std::stop_token& stop) {
  const auto result =
      base::run_command({.argv = {program.string(), "--version"}, .deadline = question_deadline}, stop);
  const std::string& text = result.out.empty() ? result.err : result.out;
  return result.exit_code == 0 ? text.substr(0, text.find('\n')) : std::string();
}

Check check_tool(const ToolNeed& need, const std::stop_token& stop) {
  Check check{.id = "tool:" + need.name, .ok = false, .found = "not installed", .expected = {}, .remedy = {}};
  check.expected = fmt::format("'{}' on PATH, for {}", need.name, need.why);
  const auto path = base::find_program(need.name);
  if (!path) {
    check.remedy = need.debian_package.empty() ? fmt::format("install '{}'", need.name)
                                               : fmt::format("apt-get install {}", need.debian_package);
    return check;
  }
  check.ok = true;
  check.found = path->string();
  if (need.ask_version) {
    const std::string version = first_line_of_version(*path, stop);
    check.found += version.empty() ? "" : fmt::format(" ({})", version);
  }
  return check;
}

/// The folder itself, or the nearest one above it that exists.
std::filesystem::path nearest_existing(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::path folder = std::filesystem::absolute(path).lexically_normal();
  while (!std::filesystem::exists(folder, ignored) && folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

std::string megabytes(std::int64_t bytes) {
  return fmt::format("{} MiB", bytes / mebibyte);
}

}  // namespace

std::vector<Check> check_tools(const std::vector<ToolNeed>& needs, const std::stop_token& stop) {
  std::vector<Check> checks;
  checks.reserve(needs.size());
  for (const auto& need : needs) {
    checks.push_back(check_tool(need, stop));
  }
  return checks;
}

Check check_disk(const std::filesystem::path& path, std::int64_t need_bytes) {
  Check check{.id = "disk:" + path.string(), .ok = false, .found = {}, .expected = {}, .remedy = {}};
  check.expected = fmt::format("at least {} free", megabytes(need_bytes));
  const auto folder = nearest_existing(path);
  struct statvfs status {};
  if (::statvfs(folder.c_str(), &status) != 0) {
    check.found =
        fmt::format("'{}' cannot be asked: {}", folder.string(), std::system_category().message(errno));
    check.remedy = fmt::format("make '{}' readable", folder.string());
    return check;
  }
  const auto free = static_cast<std::int64_t>(status.f_bavail) * static_cast<std::int64_t>(status.f_frsize);
  check.found = megabytes(free) + " free";
  check.ok = free >= need_bytes;
  if (!check.ok) {
    check.remedy =
        fmt::format("free {} on the file system of '{}'", megabytes(need_bytes - free), folder.string());
  }
  return check;
}

Check check_writable(const std::filesystem::path& folder) {
  Check check{.id = "writable:" + folder.string(),
              .ok = false,
              .found = {},
              .expected = "a writable folder",
              .remedy = {}};
  const auto existing = nearest_existing(folder);
  std::error_code ignored;
  if (!std::filesystem::is_directory(existing, ignored)) {
    check.found = fmt::format("'{}' is no folder", existing.string());
    check.remedy = fmt::format("move '{}' away", existing.string());
    return check;
  }
  // Only a write proves it: access() knows nothing of quotas and remounts.
  std::string probe = (existing / ".fresh-clone-probe.XXXXXX").string();
  const int file = ::mkstemp(probe.data());
  if (file < 0) {
    check.found =
        fmt::format("cannot write in '{}': {}", existing.string(), std::system_category().message(errno));
    check.remedy = fmt::format("make '{}' writable for this user", existing.string());
    return check;
  }
  ::close(file);
  ::unlink(probe.c_str());
  check.ok = true;
  check.found = fmt::format("'{}' is writable", existing.string());
  return check;
}

}  // namespace fresh::environment
