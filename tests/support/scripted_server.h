#pragma once

#include "base/file.h"

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace fresh::test {

/// A request as it arrived.
struct SeenRequest {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// The server's end of one connection, handed to a reply.
class ServerConnection {
 public:
  explicit ServerConnection(int descriptor) : descriptor_(descriptor) {}
  /// False when the client is gone.
  bool write(std::string_view bytes) const;
  /// Returns when the client has closed, or the server ends.
  void await_leave() const;

 private:
  int descriptor_;
};

/// Writes an answer; true keeps the connection for another request.
using Reply = std::function<bool(const SeenRequest& request, const ServerConnection& connection)>;

/// A complete answer with Content-Length.
Reply answer(int status, std::string body = {}, std::map<std::string, std::string> headers = {});
/// A chunked answer, a chunk for each piece, with its end.
Reply chunked(std::vector<std::string> pieces, std::map<std::string, std::string> headers = {});
/// As chunked, but the connection closes before the end.
Reply cut(std::vector<std::string> pieces);
/// Headers without a length, the pieces, then the connection closes: a hijacked stream, or a lie.
Reply until_close(std::vector<std::string> pieces);
/// Bytes as they are, then the connection closes.
Reply raw(std::string bytes);
/// Nothing at all until the client leaves.
Reply silence();
/// The header of a chunked answer, then nothing until the client leaves.
Reply header_then_silence();

/// A frame of a multiplexed stream.
std::string frame(int stream, std::string_view payload);

/// An HTTP/1.1 server on a real unix socket, or on a free port of 127.0.0.1, that answers what a test
/// scripted, each reply once, in order per method and target. What was not scripted gets 500 and is kept in
/// unexpected().
class ScriptedServer {
 public:
  enum class Transport { unix_socket, tcp };
  explicit ScriptedServer(Transport transport = Transport::unix_socket);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  std::string socket() const { return (folder_.path() / "engine.sock").string(); }
  /// `http://127.0.0.1:PORT`; of a tcp server.
  std::string address() const { return address_; }
  void on(const std::string& method, const std::string& target, Reply reply);
  std::vector<SeenRequest> requests() const;
  std::vector<std::string> unexpected() const;
  /// Replies that nobody asked for.
  std::vector<std::string> unused() const;

 private:
  void accept_all();
  void serve(int descriptor);
  Reply take(const SeenRequest& request);

  base::TemporaryFolder folder_{"fs"};
  int listener_ = -1;
  std::string address_;
  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Reply>> replies_;
  std::vector<SeenRequest> requests_;
  std::vector<std::string> unexpected_;
  std::vector<int> connections_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace fresh::test
