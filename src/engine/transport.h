#pragma once

#include "engine/http.h"

#include <memory>
#include <string>

namespace fresh::engine {

/// One way of carrying a request and its answer; safe from several threads, keeps connections.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  /// As HttpClient::perform, once.
  virtual Answer exchange(const Request& request, const Call& call) = 0;
};

/// HTTP/1.1 over a unix socket: what every engine on this machine speaks. Ours, for it carries all that a
/// command does: it needs no library to be loaded, and asks for nothing that a unix socket does not have.
std::unique_ptr<Transport> socket_transport(std::string path, std::string peer);

/// HTTP over tcp, with TLS where the endpoint says so, by libcurl.
std::unique_ptr<Transport> curl_transport(Endpoint endpoint, std::string peer);

}  // namespace fresh::engine
