#include "environment/port.h"

#include "base/error.h"
#include "base/file.h"

#include <fmt/core.h>

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace fresh::environment {
namespace {

/// 0, or the errno with which the port refuses to be bound.
int bind_error(std::uint16_t port, const std::string& host_ip) {
  sockaddr_in6 six{};
  sockaddr_in four{};
  const bool is_six = host_ip.find(':') != std::string::npos;
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(port);
  four.sin_family = AF_INET;
  four.sin_port = htons(port);
  const char* text = host_ip.empty() ? "0.0.0.0" : host_ip.c_str();
  void* address = is_six ? static_cast<void*>(&six.sin6_addr) : static_cast<void*>(&four.sin_addr);
  if (::inet_pton(is_six ? AF_INET6 : AF_INET, text, address) != 1) {
    return EINVAL;
  }
  const int descriptor = ::socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    return errno;
  }
  // Connections that ended a moment ago do not hold a port; a listener does, with this option too.
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const int result = is_six ? ::bind(descriptor, reinterpret_cast<const sockaddr*>(&six), sizeof six)
                            : ::bind(descriptor, reinterpret_cast<const sockaddr*>(&four), sizeof four);
  const int error = result == 0 ? 0 : errno;
  ::close(descriptor);
  return error;
}

std::string read_proc(const std::filesystem::path& path) {
  try {
    return base::read_file_if_exists(path).value_or("");
  } catch (const base::Error&) {
    return {};
  }
}

/// `PID 812 (nginx)` of the process that holds a socket, empty when /proc does not show it to this user.
std::string holder_of(const std::string& inode) {
  const std::string wanted = fmt::format("socket:[{}]", inode);
  std::error_code error;
  for (std::filesystem::directory_iterator process("/proc", error), end; !error && process != end;
       process.increment(error)) {
    const std::string pid = process->path().filename().string();
    if (pid.find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    std::error_code denied;
    for (std::filesystem::directory_iterator file(process->path() / "fd", denied), last;
         !denied && file != last; file.increment(denied)) {
      std::error_code gone;
      if (std::filesystem::read_symlink(file->path(), gone) == wanted) {
        const std::string name = read_proc(process->path() / "comm");
        return fmt::format("PID {} ({})", pid, name.substr(0, name.find('\n')));
      }
    }
  }
  return {};
}

std::string holder_of_port(std::uint16_t port) {
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    if (const auto inode = listening_inode(read_proc(table), port)) {
      if (auto holder = holder_of(*inode); !holder.empty()) {
        return holder;
      }
    }
  }
  return "a process that this user cannot see";
}

}  // namespace

std::optional<std::string> listening_inode(std::string_view table, std::uint16_t port) {
  std::istringstream lines{std::string(table)};
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
    std::istringstream words(line);
    std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
    constexpr const char* listening = "0A";
    const auto colon = local.rfind(':');
    unsigned found = 0;
    if (state == listening && colon != std::string::npos && !inode.empty() &&
        std::from_chars(local.data() + colon + 1, local.data() + local.size(), found, 16).ec == std::errc() &&
        found == port) {
      return inode;
    }
  }
  return std::nullopt;
}

Check check_port_free(std::uint16_t port, const std::string& host_ip) {
  const std::string name = host_ip.empty() ? fmt::format("{}", port) : fmt::format("{}:{}", host_ip, port);
  Check check{.id = "port:" + name, .ok = false, .found = "free", .expected = "free", .remedy = {}};
  const int error = bind_error(port, host_ip);
  check.ok = error == 0;
  if (error == EADDRINUSE) {
    check.found = "held by " + holder_of_port(port);
    check.remedy = fmt::format("stop it, or give the service another host port than {}", port);
  } else if (error == EACCES) {
    check.found = "not allowed for this user";
    check.remedy = "use a port from 1024 on, or lower net.ipv4.ip_unprivileged_port_start";
  } else if (error != 0) {
    check.found = std::system_category().message(error);
    check.remedy = fmt::format("use an address of this host in place of '{}'", host_ip);
  }
  return check;
}

}  // namespace fresh::environment
