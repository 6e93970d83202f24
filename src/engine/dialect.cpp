#include "engine/dialect.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <csignal>
#include <cstring>

namespace fresh::engine {

using nlohmann::json;

std::string label_filter(const Labels& labels) {
  json wanted = json::array();
  for (const auto& [name, value] : labels) {
    wanted.push_back(value.empty() ? name : name + "=" + value);
  }
  return wanted.empty() ? "{}" : json{{"label", wanted}}.dump();
}

std::string first_network(const ContainerSpec& spec) {
  const auto best = std::max_element(
      spec.networks.begin(), spec.networks.end(),
      [](const auto& left, const auto& right) { return left.second.priority < right.second.priority; });
  return best == spec.networks.end() ? std::string() : best->first;
}

json docker_endpoint(const EndpointSettings& settings) {
  json endpoint = json::object();
  if (!settings.aliases.empty()) {
    endpoint["Aliases"] = settings.aliases;
  }
  if (!settings.ipv4.empty()) {
    endpoint["IPAMConfig"]["IPv4Address"] = settings.ipv4;
  }
  if (!settings.ipv6.empty()) {
    endpoint["IPAMConfig"]["IPv6Address"] = settings.ipv6;
  }
  if (!settings.mac.empty()) {
    endpoint["MacAddress"] = settings.mac;
  }
  return endpoint;
}

json podman_network_body(const NetworkSpec& spec) {
  json body{{"name", spec.name},
            {"driver", spec.driver},
            {"internal", spec.internal},
            {"ipv6_enabled", spec.ipv6},
            {"dns_enabled", spec.driver == "bridge"},
            {"labels", spec.labels},
            {"options", spec.options}};
  for (const auto& subnet : spec.subnets) {
    json entry{{"subnet", subnet.subnet}};
    if (!subnet.gateway.empty()) {
      entry["gateway"] = subnet.gateway;
    }
    body["subnets"].push_back(entry);
  }
  return body;
}

json docker_network_body(const NetworkSpec& spec) {
  json body{{"Name", spec.name},
            {"Driver", spec.driver},
            {"Internal", spec.internal},
            {"Attachable", spec.attachable},
            {"EnableIPv6", spec.ipv6},
            // Without it Docker makes a second network of the same name.
            {"CheckDuplicate", true},
            {"Labels", spec.labels},
            {"Options", spec.options}};
  for (const auto& subnet : spec.subnets) {
    json entry{{"Subnet", subnet.subnet}};
    if (!subnet.gateway.empty()) {
      entry["Gateway"] = subnet.gateway;
    }
    if (!subnet.ip_range.empty()) {
      entry["IPRange"] = subnet.ip_range;
    }
    body["IPAM"]["Config"].push_back(entry);
  }
  return body;
}

std::pair<std::string, std::string> split_tag(const std::string& reference) {
  const auto slash = reference.rfind('/');
  const auto colon = reference.rfind(':');
  if (reference.find('@') != std::string::npos) {
    return {reference, {}};
  }
  if (colon == std::string::npos || (slash != std::string::npos && colon < slash)) {
    return {reference, "latest"};
  }
  return {reference.substr(0, colon), reference.substr(colon + 1)};
}

int signal_number(const std::string& name) {
  std::string_view text(name);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) {
    return number > 0 && number <= SIGRTMAX ? number : 0;
  }
  std::string upper(text.starts_with("SIG") || text.starts_with("sig") ? text.substr(3) : text);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  for (int candidate = 1; candidate < 32; ++candidate) {
    if (const char* abbreviation = ::sigabbrev_np(candidate);
        abbreviation != nullptr && upper == abbreviation) {
      return candidate;
    }
  }
  if (upper.starts_with("RTMIN")) {
    int offset = 0;
    if (upper.size() > 6 && upper[5] == '+') {
      std::from_chars(upper.data() + 6, upper.data() + upper.size(), offset);
    }
    // The kernel's numbering, as engines use it; the C library keeps the first two for itself.
    return offset >= 0 && offset <= 30 ? 34 + offset : 0;
  }
  return 0;
}

}  // namespace fresh::engine
