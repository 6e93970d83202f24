#pragma once

#include "engine/host_facts.h"

#include <string>
#include <vector>

namespace fresh::engine {

/// A choice that was made for this machine, for people and the manifest.
struct ConfigNote {
  std::string what;   ///< `runtime`
  std::string value;  ///< `runc`
  std::string why;    ///< `crun does not run on this machine's cgroup layout`
};

/// Where a private engine keeps things. The first four are permanent, the last three vanish at a reboot.
struct EngineFolders {
  std::string configuration;
  std::string storage;
  std::string networks;
  std::string log;
  std::string run;        ///< --runroot
  std::string temporary;  ///< --tmpdir
  std::string socket;
};

/// Everything a private Podman is started with: pure.
struct EngineConfiguration {
  std::string containers_conf;
  std::string storage_conf;
  std::string registries_conf;
  std::string policy_json;             ///< empty: the machine has one
  std::vector<std::string> arguments;  ///< of podman, up to and with the service's address
  std::vector<ConfigNote> notes;
  std::vector<std::string> limitations;  ///< what this machine does not grant, said before the run
};

EngineConfiguration configure(const HostFacts& facts, const EngineFolders& folders);

/// Throws base::Error (machine) for the first thing without which no engine starts; its hint is the command
/// that helps.
void require_host(const HostFacts& facts);

}  // namespace fresh::engine
