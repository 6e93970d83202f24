#include "engine/dialect.h"
#include "engine/fault.h"
#include "engine/json_fields.h"
#include "engine/socket_engine.h"
#include "engine/url.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace fresh::engine {
namespace {

using nlohmann::json;

Network podman_network(const json& answer) {
  Network network;
  network.id = required_text_at(answer, "id");
  network.name = text_at(answer, "name");
  network.driver = text_at(answer, "driver");
  network.internal = flag_at(answer, "internal");
  network.labels = map_at(answer, "labels");
  for (const auto& subnet : list_at(answer, "subnets")) {
    network.subnets.push_back({text_at(subnet, "subnet"), text_at(subnet, "gateway"), {}});
  }
  return network;
}

Network docker_network(const json& answer) {
  Network network;
  network.id = required_text_at(answer, "Id");
  network.name = text_at(answer, "Name");
  network.driver = text_at(answer, "Driver");
  network.internal = flag_at(answer, "Internal");
  network.labels = map_at(answer, "Labels");
  for (const auto& config : list_at(answer, "IPAM/Config")) {
    network.subnets.push_back(
        {text_at(config, "Subnet"), text_at(config, "Gateway"), text_at(config, "IPRange")});
  }
  return network;
}

/// Podman answers 200 to a removal and puts what went wrong into the list.
void throw_inner_error(const std::string& body, std::string_view what) {
  const auto answer = json::parse(body, nullptr, false);
  for (const auto& entry : answer.is_array() ? answer : json::array()) {
    for (const char* key : {"Err", "Error"}) {
      const auto& error = at(entry, key);
      if (error.is_string() && !error.get<std::string>().empty()) {
        throw refusal(500, what, error.get<std::string>());
      }
      if (error.is_object() && !error.empty()) {
        throw refusal(500, what, error.dump());
      }
    }
  }
}

}  // namespace

std::optional<Network> SocketEngine::find_network(const std::string& name, const Call& call) {
  const auto path = podman() ? native(fmt::format("/networks/{}/json", path_part(name)))
                             : docker(fmt::format("/networks/{}", path_part(name)));
  const auto answer = find_json(path, fmt::format("looking for network '{}'", name), call);
  if (!answer) {
    return std::nullopt;
  }
  auto network = podman() ? podman_network(*answer) : docker_network(*answer);
  // Engines also take the beginning of an id for a name.
  if (network.name != name && network.id != name) {
    return std::nullopt;
  }
  return network;
}

std::vector<Network> SocketEngine::list_networks(const Labels& labels, const Call& call) {
  const auto query = Query().add("filters", label_filter(labels)).text();
  const auto path = podman() ? native("/networks/json" + query) : docker("/networks" + query);
  std::vector<Network> networks;
  const auto answer = get_json(path, "listing networks", call);
  for (const auto& entry : answered_list(answer)) {
    networks.push_back(podman() ? podman_network(entry) : docker_network(entry));
  }
  std::sort(networks.begin(), networks.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return networks;
}

void SocketEngine::create_network(const NetworkSpec& spec, const Call& call) {
  const auto what = fmt::format("creating network '{}'", spec.name);
  const auto body = podman() ? podman_network_body(spec) : docker_network_body(spec);
  expect(post(native("/networks/create"), body), what, call);
}

bool SocketEngine::remove_network(const std::string& name, const Call& call) {
  const auto what = fmt::format("removing network '{}'", name);
  Request request;
  request.method = "DELETE";
  request.target = native(fmt::format("/networks/{}", path_part(name)));
  const auto answer = http_.perform(request, call);
  if (answer.status == 404) {
    return false;
  }
  if (!answer.succeeded()) {
    throw refusal(answer.status, what, error_text(answer.body));
  }
  if (podman()) {
    throw_inner_error(answer.body, what);
  }
  return true;
}

void SocketEngine::connect_network(const std::string& network, const std::string& container,
                                   const EndpointSettings& settings, const Call& call) {
  // Docker's form, which Podman takes as well: one place where aliases and addresses are written.
  json body{{"Container", container}, {"EndpointConfig", docker_endpoint(settings)}};
  expect(post(docker(fmt::format("/networks/{}/connect", path_part(network))), body),
         fmt::format("connecting container '{}' to network '{}'", container, network), call);
}

void SocketEngine::disconnect_network(const std::string& network, const std::string& container,
                                      const Call& call) {
  const json body{{"Container", container}, {"Force", true}};
  expect(post(docker(fmt::format("/networks/{}/disconnect", path_part(network))), body),
         fmt::format("disconnecting container '{}' from network '{}'", container, network), call);
}

}  // namespace fresh::engine
