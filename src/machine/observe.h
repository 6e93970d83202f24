#pragma once

#include "machine/spec.h"

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::machine {

/// How the podman command is called: the words before `machine`. The service has no API for machines;
/// see podman-machine(1).
struct PodmanCommand {
  std::vector<std::string> words = {"podman"};
  std::map<std::string, std::string> environment = {};
};

/// A connection as `podman system connection list` tells it. Podman keeps them after their machine is gone.
struct KnownConnection {
  std::string name;
  std::string uri;
  std::string identity;
  auto operator<=>(const KnownConnection&) const = default;
};

/// A machine as `podman machine inspect` and `list` tell it.
struct ObservedMachine {
  std::string name;
  Resources resources;
  bool running = false;
  bool starting = false;
  std::string image_path;     ///< the disk; two machines may share one by accident (Podman 4.3)
  std::string ignition_path;  ///< empty where this podman does not tell
  std::string socket;         ///< the API socket on this host; empty where this podman does not tell
  int ssh_port = 0;
  bool half_made = false;  ///< an init that failed left it without its disk or ignition file
};

/// Everything the plan needs to know: all machines, sorted by name, and all connections.
struct ObservedMachines {
  std::vector<ObservedMachine> machines;
  std::vector<KnownConnection> connections;

  const ObservedMachine* find(std::string_view name) const;
};

/// Reads `podman machine inspect` (numbers in MiB and GiB) and `podman machine list --format json` (numbers
/// as text, in bytes). Pure. Throws Error (machine) for what is not the JSON that podman writes.
std::vector<ObservedMachine> parse_machines(std::string_view list_json, std::string_view inspect_json);
std::vector<KnownConnection> parse_connections(std::string_view json);

/// Asks podman for its machines and connections. Throws Error (machine) when podman refuses, with a hint for
/// the refusals that are known; Error (precheck) when it is not installed.
ObservedMachines observe(const PodmanCommand& podman, const std::stop_token& stop);

}  // namespace fresh::machine
