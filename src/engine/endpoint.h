#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fresh::engine {

enum class Scheme { unix_socket, tcp, ssh };

/// Paths of the PEM files for tcp with mutual TLS; empty ones are not used.
struct TlsFiles {
  std::string ca = {};
  std::string certificate = {};
  std::string key = {};
  bool verify = true;
  std::string server_name = {};  ///< the name that the certificate must have; empty: the host of the address
  auto operator<=>(const TlsFiles&) const = default;
};

/// Where an engine listens. A value: two equal endpoints are the same place.
struct Endpoint {
  Scheme scheme = Scheme::unix_socket;
  std::string path = {};  ///< of the socket; for ssh on the far machine
  std::string user = {};
  std::string host = {};
  std::uint16_t port = 0;     ///< 0: the scheme's own
  std::string identity = {};  ///< ssh: private key file
  std::optional<TlsFiles> tls = {};
  auto operator<=>(const Endpoint&) const = default;

  /// The URI again, without keys: `unix:///run/podman/podman.sock`, `tcp://h:2376`,
  /// `ssh://core@h:22/run/p.sock`.
  std::string text() const;
};

/// Reads `unix:///abs/path`, `/abs/path`, `tcp://host[:port]` (`http`, `https` too),
/// `ssh://[user@]host[:port][/path]`. Throws base::Error (usage) that quotes the URI and says what was
/// expected.
Endpoint parse_endpoint(std::string_view uri);

}  // namespace fresh::engine
