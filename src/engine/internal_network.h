#pragma once

#include <optional>
#include <stop_token>
#include <string>

namespace fresh::engine {

/// What stands between two containers of an internal Podman network: a firewall that
/// forwards nothing by default, and bridges that ask it.
struct InternalNetworkFinding {
  std::string problem;
  std::string cure;  ///< a command; fresh-clone changes no firewall by itself
};

/// Pure: `forward_rules` is the output of `iptables -S FORWARD`, `bridge_calls` the content of
/// /proc/sys/net/bridge/bridge-nf-call-iptables (empty where the file is missing).
std::optional<InternalNetworkFinding> internal_network_finding(const std::string& forward_rules,
                                                               const std::string& bridge_calls);

/// Looks at this machine; nothing where all is well, or where one may not look (no root, no iptables).
std::optional<InternalNetworkFinding> probe_internal_networks(const std::stop_token& stop);

}  // namespace fresh::engine
