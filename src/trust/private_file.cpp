#include "trust/private_file.h"

#include "base/error.h"

#include <fmt/core.h>

#include <cerrno>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace fresh::trust {
namespace {

constexpr mode_t open_to_others = 077;

}  // namespace

bool check_private(const std::filesystem::path& path, const PrivateRule& rule) {
  const auto refuse = [&](std::string message, std::string hint) {
    throw base::Error(rule.code, std::move(message), std::move(hint));
  };
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) {
    if (errno != ENOENT) {
      refuse(fmt::format("cannot look at '{}': {}", path.string(), std::system_category().message(errno)),
             "");
    }
    return false;
  }
  if (rule.folder ? !S_ISDIR(found.st_mode) : !S_ISREG(found.st_mode)) {
    refuse(fmt::format("'{}' is no {}", path.string(), rule.folder ? "folder" : "regular file"),
           fmt::format("move '{}' away", path.string()));
  }
  if (found.st_uid != ::geteuid()) {
    refuse(fmt::format("'{}' belongs to user {}, expected {}", path.string(), found.st_uid, ::geteuid()),
           fmt::format("chown {} '{}'", ::geteuid(), path.string()));
  }
  const unsigned wanted = rule.folder ? 0700 : 0600;
  if ((found.st_mode & open_to_others) != 0) {
    refuse(
        fmt::format("'{}' is open to other users: mode {:04o}, expected {:04o}", path.string(),
                    found.st_mode & 07777U, wanted),
        fmt::format("chmod {:o} '{}'; if others may have read it, {}", wanted, path.string(), rule.if_read));
  }
  return true;
}

}  // namespace fresh::trust
