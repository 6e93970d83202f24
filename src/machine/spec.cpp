#include "machine/spec.h"

namespace fresh::machine {

MachineSpec demanded(MachineSpec spec, const MachineDemand& demand) {
  spec.name = demand.name.value_or(spec.name);
  spec.wanted.cpus = demand.cpus.value_or(spec.wanted.cpus);
  spec.wanted.memory_mb = demand.memory_mb.value_or(spec.wanted.memory_mb);
  spec.wanted.disk_gb = demand.disk_gb.value_or(spec.wanted.disk_gb);
  return spec;
}

Provider resolved(Provider provider, HostSystem host) {
  if (provider != Provider::automatic) {
    return provider;
  }
  return host == HostSystem::linux_kernel ? Provider::native : Provider::podman_machine;
}

HostSystem this_host() {
#if defined(__linux__)
  return HostSystem::linux_kernel;
#else
  return HostSystem::other;
#endif
}

std::string_view shown(Provider provider) {
  switch (provider) {
    case Provider::automatic:
      return "auto";
    case Provider::native:
      return "native";
    case Provider::podman_machine:
      return "podman-machine";
  }
  return "unknown";
}

}  // namespace fresh::machine
