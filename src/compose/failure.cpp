#include "compose/failure.h"

#include "base/error.h"
#include "base/lines.h"
#include "engine/labels.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <csignal>
#include <optional>
#include <vector>

namespace fresh::compose {
namespace {

constexpr int signal_base = 128;
constexpr int shown_lines = 10;
constexpr std::chrono::milliseconds log_deadline(10'000);
constexpr std::size_t longest_output = 1000;

std::string meaning(int exit_code) {
  switch (exit_code) {
    case 126:
      return "the command cannot be executed";
    case 127:
      return "the command was not found";
    case signal_base + SIGINT:
      return "ended by SIGINT";
    case signal_base + SIGABRT:
      return "aborted itself, SIGABRT";
    case signal_base + SIGKILL:
      return "killed by SIGKILL, often for want of memory";
    case signal_base + SIGSEGV:
      return "crashed, SIGSEGV";
    case signal_base + SIGTERM:
      return "ended by SIGTERM";
    default:
      return exit_code > signal_base && exit_code < signal_base + 65
                 ? fmt::format("ended by signal {}", exit_code - signal_base)
                 : std::string();
  }
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\r')) {
    text.pop_back();
  }
  return text.size() > longest_output ? "..." + text.substr(text.size() - longest_output) : text;
}

/// Ports that the message names, else all that the container publishes.
std::vector<std::string> ports_in_question(const std::string& message, const engine::ContainerSpec& spec) {
  std::vector<std::string> all;
  std::vector<std::string> named;
  for (const auto& port : spec.ports) {
    if (port.host_port) {
      all.push_back(std::to_string(*port.host_port));
      if (message.find(":" + all.back()) != std::string::npos ||
          message.find(" " + all.back()) != std::string::npos) {
        named.push_back(all.back());
      }
    }
  }
  return named.empty() ? all : named;
}

/// `the container 'x' (service 'web' of project 'shop', running)`.
std::string shown_owner(const engine::Container& container) {
  namespace labels = engine::labels;
  const std::string project = labels::value_of(container.labels, labels::compose_project);
  return fmt::format("the container '{}' ({}{})", container.name,
                     project.empty()
                         ? "of no project, "
                         : fmt::format("service '{}' of project '{}', ",
                                       labels::value_of(container.labels, labels::compose_service), project),
                     container.state);
}

/// The running container that publishes one of the ports, if one does.
std::optional<engine::Container> port_owner(engine::EngineReader& reader,
                                            const std::vector<std::string>& ports, const std::string& but) {
  const engine::Call call{.deadline = log_deadline};
  try {
    for (const auto& listed : reader.list_containers({.labels = {}, .all = false}, call)) {
      auto container = listed.name == but ? std::nullopt : reader.find_container(listed.id.hex, call);
      for (const auto& port : container ? container->ports : std::vector<engine::PortBinding>{}) {
        if (port.host_port &&
            std::find(ports.begin(), ports.end(), std::to_string(*port.host_port)) != ports.end()) {
          return container;
        }
      }
    }
  } catch (const base::Error&) {
    // Who it is only helps; the refusal stands without it.
  }
  return std::nullopt;
}

/// How a container ended, or its state when it did not.
std::string shown_end(const engine::Container& container) {
  return container.has_finished() ? shown_exit(container.exit_code, container.oom_killed)
                                  : fmt::format("it is {}", container.state);
}

}  // namespace

std::string shown_exit(int exit_code, bool out_of_memory) {
  if (out_of_memory) {
    return fmt::format("exit code {} (killed, out of memory)", exit_code);
  }
  const std::string why = meaning(exit_code);
  return why.empty() ? fmt::format("exit code {}", exit_code)
                     : fmt::format("exit code {} ({})", exit_code, why);
}

std::string last_lines(engine::EngineReader& reader, const std::string& container, int count) {
  std::string text;
  try {
    reader.logs(container, {.tail = count},
                [&](engine::Stream /*stream*/, std::string_view bytes) { text += bytes; },
                {.deadline = log_deadline});
  } catch (const base::Error& error) {
    return fmt::format("\n  (its log cannot be read: {})", error.message());
  }
  std::vector<std::string> lines;
  for (std::string_view rest = text; !rest.empty();) {
    lines.emplace_back(base::next_line(rest));
  }
  if (lines.empty()) {
    return "\n  (it wrote nothing)";
  }
  const std::size_t first =
      lines.size() > static_cast<std::size_t>(count) ? lines.size() - static_cast<std::size_t>(count) : 0;
  std::string result;
  for (std::size_t i = first; i < lines.size(); ++i) {
    result += "\n  | " + trimmed(lines[i]);
  }
  return result;
}

base::Error refused_name(engine::EngineReader& reader, const engine::EngineError& error, const Step& step,
                         const engine::ContainerSpec& spec) {
  std::optional<engine::Container> holder;
  try {
    holder = reader.find_container(spec.name, {.deadline = log_deadline});
  } catch (const base::Error&) {
    // The refusal alone must do.
  }
  if (!holder) {
    return {base::ExitCode::deploy, fmt::format("service '{}': {}", step.service, error.message()),
            error.hint()};
  }
  return {
      base::ExitCode::deploy,
      fmt::format("service '{}' cannot have the container name '{}': {} has it", step.service, spec.name,
                  shown_owner(*holder)),
      fmt::format("remove or rename that container, or change {} of '{}'",
                  spec.labels.contains(engine::labels::compose_project) &&
                          spec.name.starts_with(
                              engine::labels::value_of(spec.labels, engine::labels::compose_project) + "-")
                      ? "the project's name or 'container_name'"
                      : "'container_name'",
                  step.service)};
}

base::Error failed_hook(const Step& step, const engine::ExecRequest& command,
                        const engine::ExecResult& result) {
  const std::string output = trimmed(result.out + result.err);
  return {base::ExitCode::deploy,
          fmt::format("the {} hook '{}' of service '{}' ended with {}{}", step.cause,
                      fmt::join(command.command, " "), step.service, shown_exit(result.exit_code, false),
                      output.empty() ? ": it wrote nothing" : ":\n  | " + output),
          fmt::format("mend '{}' of '{}'", step.cause, step.service)};
}

base::Error refused_start(engine::EngineReader& reader, const engine::EngineError& error, const Step& step,
                          const engine::ContainerSpec* spec) {
  if (error.fault() == engine::Fault::port_taken && spec != nullptr) {
    const auto ports = ports_in_question(error.message(), *spec);
    if (const auto owner = port_owner(reader, ports, spec->name)) {
      return {base::ExitCode::deploy,
              fmt::format("service '{}' cannot start: port {} of this machine is taken: {} publishes it",
                          step.service, fmt::join(ports, " or "), shown_owner(*owner)),
              fmt::format("stop that container, or change 'ports' of '{}'", step.service)};
    }
    return {base::ExitCode::deploy,
            fmt::format("service '{}' cannot start: port {} of this machine is taken", step.service,
                        fmt::join(ports, " or ")),
            fmt::format("stop what listens there (ss -ltnp), or change 'ports' of '{}'", step.service)};
  }
  return {base::ExitCode::deploy, fmt::format("service '{}' cannot start: {}", step.service, error.message()),
          error.hint().empty()
              ? fmt::format("look at 'command', 'entrypoint' and 'volumes' of '{}'", step.service)
              : error.hint()};
}

base::Error ended_service(engine::EngineReader& reader, const std::string& service,
                          const engine::Container& container) {
  std::string message = container.state == "restarting"
                            ? fmt::format("service '{}' ends and is started again by its restart policy: {}",
                                          service, shown_exit(container.exit_code, container.oom_killed))
                            : fmt::format("service '{}' ended: {}", service, shown_end(container));
  if (!container.error.empty()) {
    message += ": " + container.error;
  }
  message += last_lines(reader, container.name, shown_lines);
  return {base::ExitCode::deploy, message,
          container.oom_killed ? fmt::format("raise mem_limit of '{}'", service)
                               : fmt::format("the whole log: fresh-clone logs {}", service)};
}

base::Error closed_gate(engine::EngineReader& reader, const std::string& service,
                        const std::string& container, const GatePolicy& policy, const GateResult& result) {
  std::string message;
  if (result.ended) {
    message = fmt::format("service '{}' ended before it was healthy: {}", service, shown_end(*result.ended));
  } else if (result.health == Health::late) {
    message = fmt::format("service '{}' was not healthy within {} ({} probes)", service,
                          base::shown(policy.timeout), result.probes);
  } else {
    message = fmt::format("service '{}' is unhealthy after {} ({} probes, {} retries)", service,
                          base::shown(result.took), result.probes, policy.check.retries);
  }
  if (const std::string output = trimmed(result.output); !output.empty()) {
    message += fmt::format("\n  last probe: {}", output);
  }
  message += last_lines(reader, container, shown_lines);
  return {base::ExitCode::contract, message, fmt::format("the whole log: fresh-clone logs {}", service)};
}

}  // namespace fresh::compose
