#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "machine/observe.h"
#include "machine/plan.h"
#include "machine/spec.h"

#include <stop_token>
#include <string>
#include <vector>

namespace fresh::machine {

/// Where the engine inside a machine answers: `unix:///...` when its socket is on this host, else `ssh://...`
/// with the private key in `identity`. `why` is a sentence for the manifest.
struct MachineEndpoint {
  std::string uri;
  std::string identity;
  std::string why;
};

/// What was found and done.
struct MachineReport {
  std::string name;
  Resources resources;
  std::vector<Step> steps;  ///< those that were run
  std::vector<std::string> notes;
  MachineEndpoint endpoint;
};

/// Runs the steps of a plan in order. Throws Error (machine) with podman's last words at the first that
/// fails.
void run(const Plan& plan, const PodmanCommand& podman, const base::EventSink& sink, const base::Clock& clock,
         const std::stop_token& stop);

/// The endpoint of a running machine (pure): its socket where `socket_exists`, else the ssh connection of its
/// name whose port is the machine's own. Throws Error (machine) when there is neither; a connection left by
/// an older machine of the same name does not count.
MachineEndpoint endpoint(const MachineSpec& spec, const ObservedMachine& machine,
                         const std::vector<KnownConnection>& connections, bool socket_exists);

/// Observes, plans, runs and observes again; returns only when the machine then is as declared and runs.
/// Throws Error (machine, exit code 20) otherwise.
MachineReport ensure_podman_machine(const MachineSpec& spec, const PodmanCommand& podman,
                                    const base::EventSink& sink, const base::Clock& clock,
                                    const std::stop_token& stop);

}  // namespace fresh::machine
