#include "machine/run.h"

#include "base/error.h"
#include "base/step_scope.h"
#include "machine/podman_words.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace fresh::machine {
namespace {

/// The first init downloads an image of about 1 GB, and the first start installs it.
constexpr base::Milliseconds step_deadline = std::chrono::minutes(30);

void refuse_if_refused(const Plan& plan) {
  if (!plan.refusal.empty()) {
    throw base::Error(base::ExitCode::machine, plan.refusal, plan.remedy);
  }
}

}  // namespace

void run(const Plan& plan, const PodmanCommand& podman, const base::EventSink& sink, const base::Clock& clock,
         const std::stop_token& stop) {
  refuse_if_refused(plan);
  for (const auto& step : plan.steps) {
    const base::Doing doing("{} {}", step.verb, step.subject);
    base::StepScope scope(sink, clock, step.subject, fmt::format("{} ({})", step.verb, step.cause));
    const auto result = ask_podman(podman, step.arguments, step_deadline, stop);
    if (result.exit_code != 0 || result.timed_out) {
      refuse_result(step.arguments, result);
    }
    scope.finish("ok");
  }
}

MachineEndpoint endpoint(const MachineSpec& spec, const ObservedMachine& machine,
                         const std::vector<KnownConnection>& connections, bool socket_exists) {
  if (socket_exists && !machine.socket.empty()) {
    return {.uri = "unix://" + machine.socket,
            .identity = {},
            .why = fmt::format("the socket that podman reports for machine '{}'", machine.name)};
  }
  const std::string wanted = spec.rootful ? machine.name + "-root" : machine.name;
  const std::string port = fmt::format("@localhost:{}/", machine.ssh_port);
  const auto found =
      std::find_if(connections.begin(), connections.end(), [&](const KnownConnection& connection) {
        return connection.name == wanted && connection.uri.find(port) != std::string::npos;
      });
  if (found == connections.end()) {
    throw base::Error(
        base::ExitCode::machine,
        fmt::format("machine '{}' has neither a socket at '{}' nor a connection '{}' to its port {}",
                    machine.name, machine.socket, wanted, machine.ssh_port),
        fmt::format("remove the machine with 'podman machine rm -f {}' and run again", machine.name));
  }
  return {.uri = found->uri,
          .identity = found->identity,
          .why = fmt::format("the connection '{}' of machine '{}', whose socket is not on this host", wanted,
                             machine.name)};
}

MachineReport ensure_podman_machine(const MachineSpec& spec, const PodmanCommand& podman,
                                    const base::EventSink& sink, const base::Clock& clock,
                                    const std::stop_token& stop) {
  const base::Doing doing("bringing up the podman machine '{}'", spec.name);
  const Plan needed = plan(spec, observe(podman, stop));
  run(needed, podman, sink, clock, stop);

  const ObservedMachines reached = observe(podman, stop);
  const Plan left = plan(spec, reached);
  refuse_if_refused(left);
  if (!left.empty()) {
    throw base::Error(
        base::ExitCode::machine,
        fmt::format("machine '{}' still differs after all steps: {}", spec.name, to_string(left)),
        fmt::format("look at 'podman machine inspect {}'", spec.name));
  }
  const ObservedMachine& machine = *reached.find(spec.name);
  std::error_code ignored;
  return {.name = machine.name,
          .resources = machine.resources,
          .steps = needed.steps,
          .notes = left.notes,
          .endpoint =
              endpoint(spec, machine, reached.connections, std::filesystem::exists(machine.socket, ignored))};
}

}  // namespace fresh::machine
