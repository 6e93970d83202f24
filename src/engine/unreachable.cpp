#include "engine/http.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace fresh::engine {
namespace {

/// libcurl has one code for all failures to connect; the system's number tells them apart.
int connect_error(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return ENAMETOOLONG;
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) {
    return errno;
  }
  const int result = ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int error_number = result == 0 ? 0 : errno;
  ::close(descriptor);
  return error_number;
}

}  // namespace

Unreachable explain_unreachable(const std::string& socket_path) {
  const int error_number = connect_error(socket_path);
  const auto system_text = std::system_category().message(error_number);
  switch (error_number) {
    case 0:
      return {"the connection broke", "look at the engine's own log, then try again"};
    case ENOENT:
      return {"the socket does not exist",
              "start the engine, for instance: fresh-clone engine start, or systemctl start podman.socket"};
    case ECONNREFUSED:
      return {
          "nobody listens on the socket (the engine that made it is gone)",
          "start the engine again, for instance: fresh-clone engine start, or systemctl start podman.socket"};
    case EACCES:
    case EPERM:
      return {"permission denied",
              "use an engine of your own (fresh-clone engine start), or have yourself added to the group "
              "that owns "
              "the socket: ls -l " +
                  socket_path};
    default:
      return {system_text, "check the address of the engine: " + socket_path};
  }
}

}  // namespace fresh::engine
