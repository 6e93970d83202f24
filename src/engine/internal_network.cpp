#include "engine/internal_network.h"

#include "base/error.h"
#include "base/file.h"
#include "base/process.h"

#include <sstream>

namespace fresh::engine {

std::optional<InternalNetworkFinding> internal_network_finding(const std::string& forward_rules,
                                                               const std::string& bridge_calls) {
  if (!bridge_calls.starts_with('1')) {
    return std::nullopt;
  }
  std::istringstream lines(forward_rules);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("-P FORWARD DROP") || line.starts_with("-P FORWARD REJECT")) {
      return InternalNetworkFinding{
          "containers of one internal network cannot reach each other: the firewall's FORWARD policy is DROP "
          "(as "
          "dockerd sets it) and bridges are filtered by it",
          "sudo sysctl -w net.bridge.bridge-nf-call-iptables=0"};
    }
  }
  return std::nullopt;
}

std::optional<InternalNetworkFinding> probe_internal_networks(const std::stop_token& stop) {
  try {
    const auto calls = base::read_file_if_exists("/proc/sys/net/bridge/bridge-nf-call-iptables").value_or("");
    if (!calls.starts_with('1')) {
      return std::nullopt;
    }
    base::Command command;
    command.argv = {"iptables", "-S", "FORWARD"};
    command.deadline = std::chrono::seconds(5);
    const auto rules = base::run_command(command, stop);
    return rules.exit_code == 0 ? internal_network_finding(rules.out, calls) : std::nullopt;
  } catch (const base::Interrupted&) {
    throw;
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

}  // namespace fresh::engine
