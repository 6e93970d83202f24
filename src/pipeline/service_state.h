#pragma once

#include "compose/spec.h"
#include "compose/status.h"

#include <map>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// One service as `status` and `ps` show it, and as gate G5 judges it.
struct ServiceState {
  std::string service;
  std::string container;
  std::string state;   ///< `running`, `exited (0)`, `missing`
  std::string health;  ///< `healthy`, `unhealthy`, `not probed`, `-` where no check is declared
  std::string ports;
  bool ok = false;  ///< runs, and passes its check where one was probed; or is a one-shot that ended with 0
};

/// `0.0.0.0:8080->80/tcp, ...`, as `status` and `ps` show published ports.
std::string shown_ports(const std::vector<engine::PortBinding>& ports);
/// A container's state, with the exit code of one that ended: `exited (0)`.
std::string shown_state(const std::string& state, int exit_code);

/// Judges every container of the stack and every service without one; sorted by service. `probed` is own
/// evidence of health by service (compose::probe_all, or gates that opened just now); of a service that is
/// not in it nobody knows, and running is enough. A service that ended with 0 is fine only when it is a
/// one-shot: no check and `restart: "no"` written.
std::vector<ServiceState> service_states(const compose::Project& stack,
                                         const std::vector<compose::ServiceStatus>& found,
                                         const std::map<std::string, bool>& probed);

/// Whether each service of the stack is as it should be: all its containers are, by evidence. `not probed` is
/// none.
std::map<std::string, bool> healthy_services(const compose::Project& stack,
                                             const std::vector<ServiceState>& states);

}  // namespace fresh::pipeline
