#pragma once

#include "environment/check.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fresh::environment {

/// Whether a TCP port can be bound on `host_ip` (empty: all addresses). A port that is taken is named with
/// its holder, where /proc shows it to this user.
Check check_port_free(std::uint16_t port, const std::string& host_ip = {});

/// The inode of the socket that listens on `port`, from the text of /proc/net/tcp or tcp6; nothing when none
/// does. Pure.
std::optional<std::string> listening_inode(std::string_view proc_net_tcp, std::uint16_t port);

}  // namespace fresh::environment
