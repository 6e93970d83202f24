#include "compose/ports.h"

#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace fresh::compose {
namespace {

using document::Node;
using document::Place;

struct Range {
  int first = 0;
  int last = 0;
  int count() const { return last - first + 1; }
};

std::optional<int> port_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > 65535) {
    return std::nullopt;
  }
  return value;
}

Range range(std::string_view text, const Place& place) {
  const auto dash = text.find('-');
  const auto first = port_number(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : port_number(text.substr(dash + 1));
  if (!first || !last || *last < *first) {
    document::refuse(place, fmt::format("'{}' is no port", text),
                     "a port is 0 to 65535, a range is 8000-8010");
  }
  return {*first, *last};
}

std::string protocol_after_slash(std::string_view& text, const Place& place) {
  const auto slash = text.rfind('/');
  if (slash == std::string_view::npos) {
    return "tcp";
  }
  const std::string protocol(text.substr(slash + 1));
  text = text.substr(0, slash);
  if (protocol != "tcp" && protocol != "udp" && protocol != "sctp") {
    document::refuse(place, fmt::format("unknown protocol '{}'", protocol), "write tcp, udp or sctp");
  }
  return protocol;
}

Node long_form(const std::string& host_ip, int target, const std::string& published,
               const std::string& protocol, const Place& place) {
  Node port = map_value(place);
  set(port, "mode", text_value("ingress", place));
  if (!host_ip.empty()) {
    set(port, "host_ip", text_value(host_ip, place));
  }
  set(port, "target", document::text_node(std::to_string(target), place));
  if (!published.empty()) {
    set(port, "published", text_value(published, place));
  }
  set(port, "protocol", text_value(protocol, place));
  return port;
}

std::vector<Node> from_short(std::string_view text, const Place& place) {
  const std::string_view whole = text;
  const std::string protocol = protocol_after_slash(text, place);
  const auto last_colon = text.rfind(':');
  const std::string_view target_text =
      last_colon == std::string_view::npos ? text : text.substr(last_colon + 1);
  std::string_view host =
      last_colon == std::string_view::npos ? std::string_view() : text.substr(0, last_colon);
  std::string host_ip;
  if (const auto colon = host.rfind(':'); colon != std::string_view::npos) {
    host_ip = host.substr(0, colon);
    host = host.substr(colon + 1);
    if (host_ip.starts_with('[') && host_ip.ends_with(']')) {
      host_ip = host_ip.substr(1, host_ip.size() - 2);
    }
  }
  const Range targets = range(target_text, place);
  std::vector<Node> result;
  if (host.empty()) {
    for (int port = targets.first; port <= targets.last; ++port) {
      result.push_back(long_form(host_ip, port, "", protocol, place));
    }
    return result;
  }
  const Range published = range(host, place);
  if (targets.count() == 1 && published.count() > 1) {
    result.push_back(long_form(host_ip, targets.first, std::string(host), protocol, place));
    return result;
  }
  if (published.count() != targets.count()) {
    document::refuse(place,
                     fmt::format("'{}' maps {} host ports to {} container ports", whole, published.count(),
                                 targets.count()),
                     "give both ranges the same length");
  }
  for (int i = 0; i < targets.count(); ++i) {
    result.push_back(
        long_form(host_ip, targets.first + i, std::to_string(published.first + i), protocol, place));
  }
  return result;
}

}  // namespace

std::vector<Node> canonical_ports(const Node& entry) {
  if (entry.is_scalar()) {
    return from_short(entry.text(), entry.place);
  }
  if (!entry.is_map()) {
    document::refuse(entry.place, fmt::format("a port is text or a map, found {}", shown(entry.kind)));
  }
  Node port = map_value(entry.place);
  for (const std::string_view key :
       {"name", "mode", "host_ip", "target", "published", "protocol", "app_protocol"}) {
    if (const Node* value = entry.find(key)) {
      set(port, key, key == "target" ? *value : text_value(value->text(), value->place));
    }
  }
  for (const auto& other : entry.entries) {
    set_default(port, other.key, other.value);
    port.entries.back().key_place = other.key_place;
  }
  if (port.find("target") == nullptr) {
    document::refuse(entry.place, "this port has no 'target'", "add 'target:', the port in the container");
  }
  set_default(port, "mode", text_value("ingress", entry.place));
  set_default(port, "protocol", text_value("tcp", entry.place));
  return {port};
}

std::vector<std::string> exposed_ports(const Node& entry) {
  std::string_view text = entry.text();
  const std::string protocol = protocol_after_slash(text, entry.place);
  const Range ports = range(text, entry.place);
  std::vector<std::string> result;
  for (int port = ports.first; port <= ports.last; ++port) {
    result.push_back(fmt::format("{}/{}", port, protocol));
  }
  return result;
}

}  // namespace fresh::compose
