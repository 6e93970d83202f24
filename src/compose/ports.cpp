#include "compose/ports.h"

#include "compose/cast.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
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
                     value_hint(text, "a port is 0 to 65535, a range is 8000-8010"));
  }
  return {*first, *last};
}

bool is_address(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

/// Takes `/udp` off the text; lower case.
std::string protocol_after_slash(std::string_view& text, const Place& place) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) {
    text = text.substr(0, slash);
    return "tcp";
  }
  std::string protocol(text.substr(slash + 1));
  std::transform(protocol.begin(), protocol.end(), protocol.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  text = text.substr(0, slash);
  if (protocol != "tcp" && protocol != "udp" && protocol != "sctp") {
    document::refuse(place, fmt::format("unknown protocol '{}'", protocol),
                     document::nearest_hint(protocol, {"tcp", "udp", "sctp"}, "write tcp, udp or sctp"));
  }
  return protocol;
}

struct Parts {
  std::string ip;
  std::string_view published;
  std::string_view target;
  std::string protocol;
};

Parts parts_of(std::string_view text, const Place& place) {
  Parts parts;
  const auto last = text.rfind(':');
  parts.target = last == std::string_view::npos ? text : text.substr(last + 1);
  const std::string_view host = last == std::string_view::npos ? std::string_view() : text.substr(0, last);
  const auto colon = host.rfind(':');
  parts.published = colon == std::string_view::npos ? host : host.substr(colon + 1);
  std::string_view ip = colon == std::string_view::npos ? std::string_view() : host.substr(0, colon);
  const bool bracketed = ip.starts_with('[') && ip.ends_with(']');
  parts.ip = bracketed ? ip.substr(1, ip.size() - 2) : ip;
  if (!parts.ip.empty() &&
      (!is_address(parts.ip) || (!bracketed && ip.find(':') != std::string_view::npos))) {
    document::refuse(place, fmt::format("'{}' is no address", ip),
                     "write an IPv4 address, or an IPv6 address in brackets");
  }
  parts.protocol = protocol_after_slash(parts.target, place);
  return parts;
}

Node long_form(const Parts& parts, int target, const std::string& published, const Place& place) {
  Node port = map_value(place);
  set(port, "mode", text_value("ingress", place));
  if (!parts.ip.empty()) {
    set(port, "host_ip", text_value(parts.ip, place));
  }
  set(port, "target", document::text_node(std::to_string(target), place));
  if (!published.empty()) {
    set(port, "published", text_value(published, place));
  }
  set(port, "protocol", text_value(parts.protocol, place));
  return port;
}

}  // namespace

std::vector<Node> long_ports(const Node& text) {
  const Place& place = text.place;
  const Parts parts = parts_of(text.scalar, place);
  const Range targets = range(parts.target, place);
  if (targets.first == 0) {
    document::refuse(place, fmt::format("'{}' has no port of the container", text.scalar),
                     "write a port from 1 to 65535");
  }
  const Range published = parts.published.empty() ? Range{} : range(parts.published, place);
  const bool from_range = !parts.published.empty() && targets.count() == 1 && published.count() > 1;
  if (!parts.published.empty() && !from_range && published.count() != targets.count()) {
    document::refuse(place,
                     fmt::format("'{}' maps {} host ports to {} container ports", text.scalar,
                                 published.count(), targets.count()),
                     "give both ranges the same length");
  }
  std::vector<Node> result;
  for (int i = 0; i < targets.count(); ++i) {
    std::string host = parts.published.empty() ? "" : std::to_string(published.first + i);
    if (from_range) {
      host += fmt::format("-{}", published.last);
    }
    result.push_back(long_form(parts, targets.first + i, host, place));
  }
  std::sort(result.begin(), result.end(), [](const Node& a, const Node& b) {
    return a.find("target")->scalar + "/" < b.find("target")->scalar + "/";
  });
  return result;
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
