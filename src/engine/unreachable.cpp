#include "engine/unreachable.h"

#include <cerrno>
#include <system_error>

namespace fresh::engine {

Unreachable explain_unreachable(const std::string& socket_path, int error) {
  switch (error) {
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
      return {std::system_category().message(error), "check the address of the engine: " + socket_path};
  }
}

}  // namespace fresh::engine
