#include "engine/host_facts.h"

#include "base/error.h"
#include "base/file.h"
#include "base/process.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <pwd.h>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace fresh::engine {
namespace {

namespace fs = std::filesystem;

constexpr long cgroup2_magic = 0x63677270;
constexpr long overlay_magic = 0x794c7630;
constexpr long nfs_magic = 0x6969;

std::string content(const fs::path& path) {
  try {
    return base::read_file_if_exists(path).value_or("");
  } catch (const base::Error&) {
    return {};
  }
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

long file_system_of(fs::path path) {
  while (!is_there(path) && path.has_parent_path() && path != path.parent_path()) {
    path = path.parent_path();
  }
  struct statfs facts {};
  return ::statfs(path.c_str(), &facts) == 0 ? facts.f_type : 0;
}

CgroupLayout cgroup_layout() {
  if (file_system_of("/sys/fs/cgroup") == cgroup2_magic) {
    return CgroupLayout::v2;
  }
  if (!is_there("/sys/fs/cgroup/memory") && !is_there("/sys/fs/cgroup/cpu")) {
    return CgroupLayout::none;
  }
  return is_there("/sys/fs/cgroup/unified") ? CgroupLayout::hybrid : CgroupLayout::v1;
}

/// The controllers of the group that this process is in: what a rootless engine below it can use.
std::set<std::string> own_controllers() {
  std::istringstream lines(content("/proc/self/cgroup"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("0::")) {
      std::istringstream words(content("/sys/fs/cgroup" + line.substr(3) + "/cgroup.controllers"));
      std::set<std::string> controllers;
      for (std::string word; words >> word;) {
        controllers.insert(word);
      }
      return controllers;
    }
  }
  return {};
}

std::int64_t hard_limit(__rlimit_resource resource) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0 || limit.rlim_max == RLIM_INFINITY || limit.rlim_max > 1'048'576) {
    return 1'048'576;
  }
  return static_cast<std::int64_t>(limit.rlim_max);
}

bool opens(const char* device) {
  const int descriptor = ::open(device, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) {
    return false;
  }
  ::close(descriptor);
  return true;
}

bool is_own_private_folder(const std::string& path, unsigned uid) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode) && facts.st_uid == uid &&
         (facts.st_mode & 0077U) == 0;
}

int kernel_number() {
  utsname names{};
  int major = 0;
  int minor = 0;
  if (::uname(&names) != 0 || std::sscanf(names.release, "%d.%d", &major, &minor) != 2) {
    return 0;
  }
  return major * 1000 + minor;
}

std::map<std::string, std::string> find_programs() {
  std::map<std::string, std::string> found;
  for (const char* name : {"podman", "crun", "runc", "conmon", "netavark", "aardvark-dns", "catatonit",
                           "iptables", "newuidmap", "newgidmap", "slirp4netns", "fuse-overlayfs"}) {
    if (const auto path = base::find_program(name)) {
      found[name] = path->string();
      continue;
    }
    // Where engines look for their own helpers, and where an ordinary user's PATH does not lead.
    for (const char* folder : {"/usr/lib/podman/", "/usr/libexec/podman/", "/usr/sbin/", "/sbin/"}) {
      if (is_there(std::string(folder) + name)) {
        found[name] = std::string(folder) + name;
        break;
      }
    }
  }
  return found;
}

}  // namespace

std::int64_t subordinate_range(const std::string& text, const std::string& user, unsigned uid) {
  std::istringstream lines(text);
  std::int64_t sum = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(':');
    const auto second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) {
      continue;
    }
    const auto owner = line.substr(0, first);
    if (owner == user || owner == fmt::format("{}", uid)) {
      std::int64_t count = 0;
      std::from_chars(line.data() + second + 1, line.data() + line.size(), count);
      sum += count;
    }
  }
  return sum;
}

HostFacts observe_host(const std::map<std::string, std::string>& environment, const fs::path& storage) {
  HostFacts facts;
  facts.uid = ::getuid();
  if (const passwd* entry = ::getpwuid(facts.uid); entry != nullptr) {
    facts.user = entry->pw_name;
  }
  facts.cgroup = cgroup_layout();
  facts.delegated = own_controllers();
  facts.systemd = is_there("/run/systemd/system");
  facts.programs = find_programs();
  facts.open_files = hard_limit(RLIMIT_NOFILE);
  facts.processes = hard_limit(RLIMIT_NPROC);
  facts.kernel = kernel_number();
  const auto type = file_system_of(storage);
  facts.storage_file_system = type == overlay_magic ? "overlay" : type == nfs_magic ? "nfs" : "other";
  const auto home = environment.contains("HOME") ? environment.at("HOME") : std::string();
  facts.policy =
      is_there("/etc/containers/policy.json") || is_there(home + "/.config/containers/policy.json");
  if (facts.uid == 0) {
    facts.runtime_dir = "/run";
  } else {
    // Podman's networks without root work with this folder only, wherever the variable points:
    // podman(1), XDG_RUNTIME_DIR.
    const auto usual = fmt::format("/run/user/{}", facts.uid);
    if (is_own_private_folder(usual, facts.uid)) {
      facts.runtime_dir = usual;
    }
  }
  facts.user_session = facts.systemd && is_there(facts.runtime_dir + "/systemd/private");
  facts.subordinate_ids = std::min(subordinate_range(content("/etc/subuid"), facts.user, facts.uid),
                                   subordinate_range(content("/etc/subgid"), facts.user, facts.uid));
  facts.tun = opens("/dev/net/tun");
  facts.fuse = opens("/dev/fuse");
  const auto port = content("/proc/sys/net/ipv4/ip_unprivileged_port_start");
  std::from_chars(port.data(), port.data() + port.size(), facts.first_free_port);
  return facts;
}

}  // namespace fresh::engine
