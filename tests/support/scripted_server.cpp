#include "support/scripted_server.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace fresh::test {
namespace {

std::string head(int status, const std::map<std::string, std::string>& headers) {
  std::string text = fmt::format("HTTP/1.1 {} Scripted\r\n", status);
  for (const auto& [name, value] : headers) {
    text += fmt::format("{}: {}\r\n", name, value);
  }
  return text;
}

std::string chunk(std::string_view piece) {
  return fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
}

/// Reads from a connection until a whole request is there.
class RequestReader {
 public:
  explicit RequestReader(int descriptor) : descriptor_(descriptor) {}

  std::optional<SeenRequest> next() {
    const auto end = fill_until("\r\n\r\n");
    if (end == std::string::npos) {
      return std::nullopt;
    }
    SeenRequest request;
    const std::string header = buffer_.substr(0, end);
    buffer_.erase(0, end + 4);
    const auto first = header.substr(0, header.find("\r\n"));
    const auto space = first.find(' ');
    request.method = first.substr(0, space);
    request.target = first.substr(space + 1, first.rfind(' ') - space - 1);
    for (std::size_t line = header.find("\r\n"); line != std::string::npos;
         line = header.find("\r\n", line + 2)) {
      const auto text = header.substr(line + 2, header.find("\r\n", line + 2) - line - 2);
      const auto colon = text.find(':');
      std::string name = text.substr(0, colon);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
      request.headers[name] = colon == std::string::npos ? "" : text.substr(std::min(colon + 2, text.size()));
    }
    if (const auto length = request.headers.find("content-length"); length != request.headers.end()) {
      const auto size = std::stoul(length->second);
      while (buffer_.size() < size && fill()) {
      }
      request.body = buffer_.substr(0, size);
      buffer_.erase(0, size);
    }
    return request;
  }

 private:
  bool fill() {
    std::array<char, 65536> block{};
    const auto count = ::recv(descriptor_, block.data(), block.size(), 0);
    if (count <= 0) {
      return false;
    }
    buffer_.append(block.data(), static_cast<std::size_t>(count));
    return true;
  }

  std::size_t fill_until(std::string_view mark) {
    for (auto found = buffer_.find(mark);; found = buffer_.find(mark)) {
      if (found != std::string::npos || !fill()) {
        return found;
      }
    }
  }

  int descriptor_;
  std::string buffer_;
};

int listen_on(int family, const sockaddr* address, socklen_t size) {
  const int listener = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || ::bind(listener, address, size) != 0 || ::listen(listener, 64) != 0) {
    throw std::runtime_error("cannot listen");
  }
  return listener;
}

}  // namespace

bool ServerConnection::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void ServerConnection::await_leave() const {
  std::array<char, 256> block{};
  while (::recv(descriptor_, block.data(), block.size(), 0) > 0) {
  }
}

Reply answer(int status, std::string body, std::map<std::string, std::string> headers) {
  return [=](const SeenRequest& request, const ServerConnection& connection) {
    auto all = headers;
    const bool empty = status == 204 || status == 304;
    if (!empty) {
      all["Content-Length"] = std::to_string(body.size());
    }
    return connection.write(head(status, all) + "\r\n" + (empty || request.method == "HEAD" ? "" : body));
  };
}

Reply chunked(std::vector<std::string> pieces, std::map<std::string, std::string> headers) {
  headers["Transfer-Encoding"] = "chunked";
  return [=](const SeenRequest&, const ServerConnection& connection) {
    connection.write(head(200, headers) + "\r\n");
    for (const auto& piece : pieces) {
      connection.write(chunk(piece));
    }
    return connection.write("0\r\n\r\n");
  };
}

Reply cut(std::vector<std::string> pieces) {
  return [=](const SeenRequest&, const ServerConnection& connection) {
    connection.write(head(200, {{"Transfer-Encoding", "chunked"}}) + "\r\n");
    for (const auto& piece : pieces) {
      connection.write(chunk(piece));
    }
    return false;
  };
}

Reply until_close(std::vector<std::string> pieces) {
  return [=](const SeenRequest&, const ServerConnection& connection) {
    connection.write(head(200, {{"Content-Type", "application/vnd.docker.raw-stream"}}) + "\r\n");
    for (const auto& piece : pieces) {
      connection.write(piece);
    }
    return false;
  };
}

Reply raw(std::string bytes) {
  return [=](const SeenRequest&, const ServerConnection& connection) {
    connection.write(bytes);
    return false;
  };
}

Reply silence() {
  return [](const SeenRequest&, const ServerConnection& connection) {
    connection.await_leave();
    return false;
  };
}

Reply header_then_silence() {
  return [](const SeenRequest&, const ServerConnection& connection) {
    connection.write(head(200, {{"Transfer-Encoding", "chunked"}}) + "\r\n");
    connection.await_leave();
    return false;
  };
}

std::string frame(int stream, std::string_view payload) {
  const auto size = payload.size();
  std::string bytes{static_cast<char>(stream), '\0', '\0', '\0'};
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes += static_cast<char>((size >> shift) & 255U);
  }
  return bytes.append(payload);
}

ScriptedServer::ScriptedServer(Transport transport) {
  if (transport == Transport::tcp) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener_ = listen_on(AF_INET, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    address_ = fmt::format("http://127.0.0.1:{}", ntohs(address.sin_port));
  } else {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = socket();
    if (path.size() >= sizeof address.sun_path) {
      throw std::runtime_error("the socket's path is too long: " + path);
    }
    std::memcpy(address.sun_path, path.c_str(), path.size());
    listener_ = listen_on(AF_UNIX, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  // A listener that is shut down wakes its accept; a connection its recv.
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::scoped_lock lock(mutex_);
    for (const int connection : connections_) {
      ::shutdown(connection, SHUT_RDWR);
    }
  }
  for (auto& thread : threads_) {
    thread.join();
  }
  for (const int connection : connections_) {
    ::close(connection);
  }
  ::close(listener_);
}

void ScriptedServer::on(const std::string& method, const std::string& target, Reply reply) {
  const std::scoped_lock lock(mutex_);
  replies_[method + " " + target].push_back(std::move(reply));
}

std::vector<SeenRequest> ScriptedServer::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

std::vector<std::string> ScriptedServer::unexpected() const {
  const std::scoped_lock lock(mutex_);
  return unexpected_;
}

std::vector<std::string> ScriptedServer::unused() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> left;
  for (const auto& [request, replies] : replies_) {
    left.insert(left.end(), replies.size(), request);
  }
  return left;
}

void ScriptedServer::accept_all() {
  while (true) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) {
      return;
    }
    const std::scoped_lock lock(mutex_);
    connections_.push_back(connection);
    threads_.emplace_back([this, connection] { serve(connection); });
  }
}

void ScriptedServer::serve(int descriptor) {
  RequestReader reader(descriptor);
  while (const auto request = reader.next()) {
    if (!take(*request)(*request, ServerConnection(descriptor))) {
      break;
    }
  }
  ::shutdown(descriptor, SHUT_RDWR);
}

Reply ScriptedServer::take(const SeenRequest& request) {
  const std::scoped_lock lock(mutex_);
  requests_.push_back(request);
  const auto key = request.method + " " + request.target;
  auto& waiting = replies_[key];
  if (waiting.empty()) {
    unexpected_.push_back(key);
    return answer(500, R"({"message":"this request is not in the script"})");
  }
  auto reply = std::move(waiting.front());
  waiting.pop_front();
  return reply;
}

}  // namespace fresh::test
