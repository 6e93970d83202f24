#include "engine/endpoint.h"

#include "base/error.h"

#include <fmt/core.h>

#include <charconv>

namespace fresh::engine {
namespace {

constexpr const char* expected =
    "use unix:///path/to/engine.sock, tcp://host:port or ssh://user@host/path/to/engine.sock";

[[noreturn]] void refuse(std::string_view uri, std::string_view why) {
  throw base::Error(base::ExitCode::usage, fmt::format("'{}' is no engine address: {}", uri, why), expected);
}

std::uint16_t parse_port(std::string_view uri, std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) {
    refuse(uri, fmt::format("the port '{}' is not a number from 1 to 65535", digits));
  }
  return port;
}

/// `[user@]host[:port]`, where an IPv6 address stands in brackets.
void parse_authority(std::string_view uri, std::string_view authority, Endpoint& endpoint) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    endpoint.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
    if (endpoint.user.find(':') != std::string::npos) {
      throw base::Error(base::ExitCode::usage, "an engine address must not hold a password",
                        "use an ssh key or TLS certificates");
    }
  }
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  endpoint.host = authority.substr(0, colon);
  if (colon != std::string_view::npos) {
    endpoint.port = parse_port(uri, authority.substr(colon + 1));
  }
  if (endpoint.host.empty()) {
    refuse(uri, "the host is missing");
  }
}

Endpoint unix_endpoint(std::string_view uri, std::string_view path) {
  // Docker accepts unix://run/x.sock as well; it is always a slip of the keyboard.
  if (path.empty() || path.front() != '/') {
    refuse(uri, fmt::format("the socket path '{}' is not absolute (three slashes: unix:///path)", path));
  }
  // sun_path holds 108 bytes with the final zero.
  if (path.size() > 107) {
    refuse(uri, fmt::format("the socket path has {} bytes, a unix socket allows 107", path.size()));
  }
  Endpoint endpoint;
  endpoint.path = path;
  return endpoint;
}

}  // namespace

Endpoint parse_endpoint(std::string_view uri) {
  if (uri.empty()) {
    refuse(uri, "it is empty");
  }
  if (uri.find_first_of(" \t\r\n") != std::string_view::npos) {
    refuse(uri, "it holds white space");
  }
  if (uri.front() == '/') {
    return unix_endpoint(uri, uri);
  }
  const auto separator = uri.find("://");
  if (separator == std::string_view::npos) {
    refuse(uri, "the scheme is missing");
  }
  const auto scheme = uri.substr(0, separator);
  auto rest = uri.substr(separator + 3);
  if (scheme == "unix") {
    return unix_endpoint(uri, rest);
  }
  const auto slash = rest.find('/');
  Endpoint endpoint;
  if (slash != std::string_view::npos) {
    endpoint.path = rest.substr(slash);
    rest = rest.substr(0, slash);
  }
  if (scheme == "tcp" || scheme == "http" || scheme == "https") {
    endpoint.scheme = Scheme::tcp;
    endpoint.path.clear();
    parse_authority(uri, rest, endpoint);
    if (scheme == "https") {
      endpoint.tls = TlsFiles{};
    }
    return endpoint;
  }
  if (scheme == "ssh") {
    endpoint.scheme = Scheme::ssh;
    parse_authority(uri, rest, endpoint);
    return endpoint;
  }
  refuse(uri, fmt::format("the scheme '{}' is unknown", scheme));
}

std::string Endpoint::text() const {
  if (scheme == Scheme::unix_socket) {
    return "unix://" + path;
  }
  std::string result = scheme == Scheme::ssh ? "ssh://" : "tcp://";
  if (!user.empty()) {
    result += user + "@";
  }
  result += host;
  if (port != 0) {
    result += fmt::format(":{}", port);
  }
  return result + path;
}

}  // namespace fresh::engine
