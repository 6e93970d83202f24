#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace fresh::engine {

enum class CgroupLayout { none, v1, hybrid, v2 };

/// What decides how a private Podman is configured; all probed on this machine.
struct HostFacts {
  unsigned uid = 0;
  std::string user;
  CgroupLayout cgroup = CgroupLayout::none;
  std::set<std::string> delegated = {};  ///< cgroup v2 controllers that this process's own group has
  bool systemd = false;                  ///< systemd runs the machine
  bool user_session = false;             ///< a systemd session of this user can be spoken to
  std::map<std::string, std::string> programs =
      {};                       ///< podman, crun, runc, conmon, netavark, ...: path, absent when missing
  std::int64_t open_files = 0;  ///< hard limit
  std::int64_t processes = 0;   ///< hard limit
  int kernel = 0;               ///< 6 * 1000 + 18 for 6.18
  std::string storage_file_system = {};  ///< `overlay`, `nfs`, or `other` where the engine's storage will lie
  bool policy = false;                   ///< a signature policy exists
  std::string runtime_dir = {};          ///< the folder for sockets; empty: there is no usable one
  std::int64_t subordinate_ids =
      0;             ///< length of the user's range in /etc/subuid and /etc/subgid, the smaller
  bool tun = false;  ///< /dev/net/tun can be opened for reading and writing
  bool fuse = false;
  int first_free_port = 1024;  ///< the lowest port that an ordinary user may listen on
};

/// Looks at this machine. `environment` for PATH and XDG_RUNTIME_DIR; `storage` may not exist yet.
HostFacts observe_host(const std::map<std::string, std::string>& environment,
                       const std::filesystem::path& storage);

/// The sum of the ranges of `user` (name or number) in the text of /etc/subuid.
std::int64_t subordinate_range(const std::string& text, const std::string& user, unsigned uid);

}  // namespace fresh::engine
