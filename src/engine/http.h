#pragma once

#include "engine/endpoint.h"
#include "engine/engine.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::engine {

/// What an engine answered. Header names are lower case.
struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers = {};
  std::string body = {};
  bool succeeded() const { return status >= 200 && status < 300; }
};

struct Request {
  std::string method;
  std::string target;  ///< path and query
  std::string body = {};
  std::string body_file = {};  ///< sent instead of `body`, never held in memory
  std::string content_type = "application/json";
  std::map<std::string, std::string> headers = {};
  /// Gets the bytes of a 2xx answer as they come; without it they are collected in Answer::body.
  std::function<void(std::string_view bytes)> on_body = {};
  /// Called once the header of a 2xx answer is complete.
  std::function<void()> on_accepted = {};
  /// Unlike all others, a stream that ends with the connection is complete: hijacked streams (attach, exec).
  bool ends_with_connection = false;
  bool may_retry = true;  ///< false: one attempt, also for GET
};

class Transport;

/// HTTP to one place, over a unix socket, tcp or tcp with TLS: a pool of kept connections, safe from several
/// threads. Only GET and HEAD are repeated, and only when no connection came about or a kept one ended before
/// it answered.
class HttpClient {
 public:
  explicit HttpClient(std::string socket_path);
  /// `peer` is who listens, as messages name it: `engine`, `vault`. Takes no ssh endpoint.
  explicit HttpClient(Endpoint endpoint, std::string peer = "engine");
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Performs the request within `call.deadline` in all. Any HTTP status is an Answer; EngineError
  /// (unreachable, untrusted, timed_out, cut) when there is no complete one, base::Interrupted as soon as
  /// `call.stop` asks. What a callback throws ends the exchange and comes out.
  Answer perform(const Request& request, const Call& call);

  const std::string& socket_path() const { return socket_path_; }

 private:
  std::string socket_path_;
  std::unique_ptr<Transport> transport_;
};

}  // namespace fresh::engine
