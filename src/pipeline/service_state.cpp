#include "pipeline/service_state.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::pipeline {
namespace {

constexpr const char* not_probed = "not probed";

ServiceState judged(const compose::Project& stack, const compose::ServiceStatus& one,
                    const std::map<std::string, bool>& probed) {
  ServiceState state{.service = one.service,
                     .container = one.container,
                     .state = shown_state(one.state, one.exit_code),
                     .health = "-",
                     .ports = shown_ports(one.ports),
                     .ok = one.state == "running"};
  const auto service = stack.services.find(one.service);
  if (one.state == "exited") {
    state.ok = one.exit_code == 0 && service != stack.services.end() && compose::is_one_shot(service->second);
  }
  const auto evidence = probed.find(one.service);
  if (service != stack.services.end() && (compose::has_check(service->second) || evidence != probed.end())) {
    const bool known = evidence != probed.end();
    state.health = !known ? not_probed : evidence->second ? "healthy" : "unhealthy";
    state.ok = state.ok && (!known || evidence->second);
  }
  return state;
}

}  // namespace

std::string shown_ports(const std::vector<engine::PortBinding>& ports) {
  std::string text;
  for (const auto& port : ports) {
    text += fmt::format("{}{}:{}->{}/{}", text.empty() ? "" : ", ",
                        port.host_ip.empty() ? "0.0.0.0" : port.host_ip, port.host_port.value_or(0),
                        port.container_port, port.protocol);
  }
  return text;
}

std::string shown_state(const std::string& state, int exit_code) {
  return state == "exited" ? fmt::format("exited ({})", exit_code) : state;
}

std::vector<ServiceState> service_states(const compose::Project& stack,
                                         const std::vector<compose::ServiceStatus>& found,
                                         const std::map<std::string, bool>& probed) {
  std::vector<ServiceState> states;
  for (const auto& one : found) {
    states.push_back(judged(stack, one, probed));
  }
  for (const auto& [name, service] : stack.services) {
    const bool there = std::any_of(states.begin(), states.end(),
                                   [&name = name](const auto& one) { return one.service == name; });
    if (!there && service.scale > 0) {
      states.push_back(
          {.service = name, .container = "-", .state = "missing", .health = "-", .ports = "", .ok = false});
    }
  }
  std::stable_sort(states.begin(), states.end(),
                   [](const auto& a, const auto& b) { return a.service < b.service; });
  return states;
}

std::map<std::string, bool> healthy_services(const compose::Project& stack,
                                             const std::vector<ServiceState>& states) {
  std::map<std::string, bool> healthy;
  for (const auto& [name, service] : stack.services) {
    healthy[name] = std::all_of(states.begin(), states.end(), [&name = name](const auto& one) {
      return one.service != name || (one.ok && one.health != not_probed);
    });
  }
  return healthy;
}

}  // namespace fresh::pipeline
