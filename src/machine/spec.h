#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::machine {

/// Who provides the machine that containers run on.
enum class Provider {
  automatic,       ///< native on Linux, podman machine elsewhere
  native,          ///< the host itself: an engine without a virtual machine
  podman_machine,  ///< a virtual machine that `podman machine` keeps
};

/// The operating system of the host, as far as it decides the provider.
enum class HostSystem { linux_kernel, other };

/// What a machine has or shall have. Memory in MiB, disk in GiB; 0 = not stated or unknown.
struct Resources {
  int cpus = 0;
  int memory_mb = 0;
  int disk_gb = 0;
  auto operator<=>(const Resources&) const = default;
};

/// A machine as declared (docs/formats.md, machine). `wanted` is what a virtual machine is given;
/// `minimum` is what any engine must have.
struct MachineSpec {
  std::string name = "podman-wxd";
  Resources wanted = {4, 8192, 50};
  Resources minimum = {};
  Provider provider = Provider::automatic;
  /// `podman machine init --image-path`: a disk image file, or a stream that podman knows; empty: podman's
  /// own default.
  std::string image = {};
  bool rootful = false;
};

/// What the flags --podman-machine, --podman-cpus, --podman-memory-mb and --podman-disk-gb ask for, where
/// given.
struct MachineDemand {
  std::optional<std::string> name = {};
  std::optional<int> cpus = {};
  std::optional<int> memory_mb = {};
  std::optional<int> disk_gb = {};
};

/// The spec with the flags' name and numbers in place of the declared ones.
MachineSpec demanded(MachineSpec spec, const MachineDemand& demand);

/// Who provides the machine, with `automatic` resolved for this host. The product is started with
/// `this_host()`.
Provider resolved(Provider provider, HostSystem host);
HostSystem this_host();

/// `auto`, `native`, `podman-machine`: the words of the file and of the manifest.
std::string_view shown(Provider provider);

}  // namespace fresh::machine
