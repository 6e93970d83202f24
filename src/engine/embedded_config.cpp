#include "engine/embedded_config.h"

#include "base/error.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::engine {
namespace {

/// Enough for every service we know (OpenSearch wants 65536), and not so many that programs that close all
/// are slow.
constexpr std::int64_t wanted_files = 65'536;
/// Podman itself runs with no more than the default of kernel.pid_max, and what it starts cannot have more
/// again.
constexpr std::int64_t wanted_processes = 32'768;

[[noreturn]] void missing(const std::string& what, const std::string& remedy) {
  throw base::Error(base::ExitCode::machine, what, remedy);
}

bool has(const HostFacts& facts, const char* program) {
  return facts.programs.contains(program);
}

ConfigNote choose_runtime(const HostFacts& facts) {
  const bool old = facts.cgroup != CgroupLayout::v2;
  if (!old && has(facts, "crun")) {
    return {"runtime", "crun", "it is installed and the machine has cgroup v2"};
  }
  return {"runtime", "runc",
          old ? "crun refuses this machine's cgroup layout (v1 or mixed)" : "crun is not installed"};
}

ConfigNote choose_cgroup_manager(const HostFacts& facts) {
  if (facts.uid == 0 ? facts.systemd : facts.user_session) {
    return {"cgroup manager", "systemd", "systemd runs here"};
  }
  return {"cgroup manager", "cgroupfs",
          facts.systemd ? "there is no systemd session of this user" : "no systemd runs here"};
}

/// The storage driver, and the program that mounts where the kernel will not.
ConfigNote choose_storage(const HostFacts& facts, std::string& mount_program) {
  const bool plain = facts.storage_file_system == "other";
  if (plain && (facts.uid == 0 || facts.kernel >= 5013)) {
    return {"storage", "overlay", "the kernel mounts it"};
  }
  const auto why =
      plain ? "the kernel is older than 5.13" : "the storage folder lies on " + facts.storage_file_system;
  if (has(facts, "fuse-overlayfs") && facts.fuse) {
    mount_program = facts.programs.at("fuse-overlayfs");
    return {"storage", "overlay with fuse-overlayfs", why};
  }
  return {"storage", "vfs", why + ", and fuse-overlayfs is not usable"};
}

void find_limitations(const HostFacts& facts, const std::string& storage,
                      std::vector<std::string>& limitations) {
  if (facts.uid != 0) {
    if (facts.cgroup != CgroupLayout::v2) {
      limitations.emplace_back(
          "memory and cpu limits of containers have no effect: cgroup v1 cannot be delegated to a user");
    } else if (!facts.delegated.contains("memory")) {
      limitations.emplace_back(
          "memory limits of containers have no effect: the memory controller is not delegated to this user");
    }
    if (facts.first_free_port > 0) {
      limitations.push_back(
          fmt::format("ports below {} cannot be published without root", facts.first_free_port));
    }
  }
  if (!facts.systemd) {
    limitations.emplace_back("the engine itself runs no health checks without systemd: fresh-clone does");
  }
  if (storage == "vfs") {
    limitations.emplace_back(
        "storage is slow and large: every layer is a full copy (install fuse-overlayfs)");
  }
  if (!has(facts, "catatonit")) {
    limitations.emplace_back("services with 'init: true' cannot be made: install catatonit");
  }
}

}  // namespace

void require_host(const HostFacts& facts) {
  const auto install = [](const std::string& packages) {
    return fmt::format("sudo apt-get install -y --no-install-recommends {}", packages);
  };
  if (!has(facts, "podman")) {
    missing("no engine answers and podman is not installed",
            install("podman runc netavark aardvark-dns catatonit iptables uidmap slirp4netns"));
  }
  if (!has(facts, "runc") && (!has(facts, "crun") || facts.cgroup != CgroupLayout::v2)) {
    missing("no OCI runtime that works here is installed", install("runc"));
  }
  for (const char* program : {"conmon", "netavark", "aardvark-dns", "iptables"}) {
    if (!has(facts, program)) {
      missing(fmt::format("'{}', which podman needs, is not installed", program), install(program));
    }
  }
  if (facts.cgroup == CgroupLayout::none) {
    missing("the machine has no cgroups mounted at /sys/fs/cgroup",
            "mount them: sudo mount -t cgroup2 none /sys/fs/cgroup");
  }
  if (facts.uid == 0) {
    return;
  }
  if (!has(facts, "newuidmap") || !has(facts, "newgidmap")) {
    missing("'newuidmap', without which podman cannot run without root, is not installed", install("uidmap"));
  }
  if (!has(facts, "slirp4netns")) {
    missing("'slirp4netns', the network of containers without root, is not installed",
            install("slirp4netns"));
  }
  if (facts.subordinate_ids < 65'536) {
    missing(
        fmt::format("user '{}' has {} subordinate ids in /etc/subuid and /etc/subgid, 65536 are needed",
                    facts.user, facts.subordinate_ids),
        fmt::format("sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {}", facts.user));
  }
  if (facts.runtime_dir.empty()) {
    missing(fmt::format("'/run/user/{}' is missing, not yours, or open to others", facts.uid),
            fmt::format("sudo install -d -m 0700 -o {0} -g {0} /run/user/{1}", facts.user, facts.uid));
  }
  if (!facts.tun) {
    missing("'/dev/net/tun', through which containers without root reach the network, cannot be opened",
            "sudo chmod 0666 /dev/net/tun");
  }
}

EngineConfiguration configure(const HostFacts& facts, const EngineFolders& folders) {
  EngineConfiguration configuration;
  std::string mount_program;
  const auto runtime = choose_runtime(facts);
  const auto manager = choose_cgroup_manager(facts);
  const auto storage = choose_storage(facts, mount_program);
  const auto files = std::min(facts.open_files, wanted_files);
  const auto processes = std::min(facts.processes, wanted_processes);
  const std::string driver = storage.value == "vfs" ? "vfs" : "overlay";

  configuration.containers_conf = fmt::format(
      "# Written by fresh-clone for this machine at each start of its private engine.\n"
      "[engine]\nruntime = \"{}\"\ncgroup_manager = \"{}\"\nevents_logger = \"file\"\nexit_command_delay = "
      "5\n"
      "[containers]\nlog_driver = \"k8s-file\"\ndefault_ulimits = [\"nofile={}:{}\", \"nproc={}:{}\"]\n"
      "[network]\nnetwork_backend = \"netavark\"\nnetwork_config_dir = \"{}\"\n",
      runtime.value, manager.value, files, files, processes, processes, folders.networks);
  configuration.storage_conf =
      fmt::format("[storage]\ndriver = \"{}\"\ngraphroot = \"{}\"\nrunroot = \"{}\"\n", driver,
                  folders.storage, folders.run);
  if (!mount_program.empty()) {
    configuration.storage_conf +=
        fmt::format("[storage.options.overlay]\nmount_program = \"{}\"\n", mount_program);
  }
  configuration.registries_conf = "unqualified-search-registries = []\nshort-name-mode = \"permissive\"\n";
  if (!facts.policy) {
    configuration.policy_json = "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}\n";
  }

  auto& arguments = configuration.arguments;
  arguments = {facts.programs.contains("podman") ? facts.programs.at("podman") : "podman",
               "--root",
               folders.storage,
               "--runroot",
               folders.run,
               "--tmpdir",
               folders.temporary,
               "--network-config-dir",
               folders.networks,
               "--storage-driver",
               driver};
  if (!mount_program.empty()) {
    arguments.insert(arguments.end(), {"--storage-opt", "overlay.mount_program=" + mount_program});
  }
  arguments.insert(arguments.end(), {"system", "service", "--time=0", "unix://" + folders.socket});

  configuration.notes = {
      runtime,
      manager,
      storage,
      {"limits", fmt::format("{} open files, {} processes", files, processes),
       "no more than this user's own hard limits, which nothing may raise"},
      {"root", facts.uid == 0 ? "yes" : "no",
       facts.uid == 0 ? "fresh-clone runs as root" : "fresh-clone runs as an ordinary user"}};
  find_limitations(facts, storage.value, configuration.limitations);
  return configuration;
}

}  // namespace fresh::engine
