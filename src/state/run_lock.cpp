#include "state/run_lock.h"

#include "base/error.h"
#include "state/folder.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fresh::state {
namespace {

using base::Error;
using base::ExitCode;
using nlohmann::json;

/// The content always has this size: one write replaces all of it, so a reader needs no second lock.
constexpr std::size_t content_size = 1024;

[[noreturn]] void fail(const std::filesystem::path& file, int error_number) {
  throw Error(ExitCode::precheck,
              fmt::format("cannot use the lock '{}': {}", file.string(),
                          std::system_category().message(error_number)),
              fmt::format("make '{}' a folder that you can write to", file.parent_path().string()));
}

int open_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (descriptor < 0) {
    fail(file, errno);
  }
  return descriptor;
}

/// False when another has it.
bool try_lock(int descriptor, const std::filesystem::path& file) {
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return false;
    }
    if (errno != EINTR) {
      const int error_number = errno;
      ::close(descriptor);
      fail(file, error_number);
    }
  }
  return true;
}

/// A second, advisory mark on the same open file: unlike flock it can be asked for without being taken, so
/// that asking never gets into the way of a run that starts. Belongs to the open file, so the kernel frees it
/// with the process too.
struct flock mark(short kind) {
  struct flock whole_file {};
  whole_file.l_type = kind;
  whole_file.l_whence = SEEK_SET;
  return whole_file;
}

/// Whether the open file is still the one with the name: another may have removed it between open and lock.
bool is_current(int descriptor, const std::filesystem::path& file) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(file.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

LockHolder read_holder(int descriptor) {
  std::string content(content_size, '\0');
  const ssize_t count = ::pread(descriptor, content.data(), content.size(), 0);
  content.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  LockHolder holder;
  const json document = json::parse(content, nullptr, false);
  if (!document.is_object()) {
    return holder;
  }
  const auto text = [&](const char* key) {
    const auto found = document.find(key);
    return found != document.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto pid = document.find("pid");
  holder.pid = pid != document.end() && pid->is_number_integer() ? pid->get<std::int64_t>() : 0;
  holder.host = text("host");
  holder.run = text("run");
  holder.gate = text("gate");
  holder.since = text("since");
  return holder;
}

[[noreturn]] void refuse(const LockHolder& holder) {
  const auto known = [](const std::string& text) { return text.empty() ? std::string("unknown") : text; };
  throw Error(
      ExitCode::locked,
      fmt::format("another run works on this project: run '{}', gate {}, pid {} on host '{}', since {}",
                  known(holder.run), holder.gate.empty() ? "not yet entered" : holder.gate, holder.pid,
                  known(holder.host), known(holder.since)),
      holder.pid > 0 ? fmt::format("wait for it to end, or stop it with: kill -INT {}", holder.pid)
                     : std::string("wait for it to end"));
}

}  // namespace

RunLock::RunLock(const std::filesystem::path& state_folder, LockHolder self)
    : file_(state_folder / "lock"), self_(std::move(self)) {
  const base::Doing doing("taking the lock of the project");
  make_state_folder(state_folder);
  while (descriptor_ < 0) {
    const int descriptor = open_file(file_);
    if (!try_lock(descriptor, file_)) {
      const LockHolder other = read_holder(descriptor);
      ::close(descriptor);
      refuse(other);
    }
    if (is_current(descriptor, file_)) {
      descriptor_ = descriptor;
    } else {
      ::close(descriptor);
    }
  }
  struct flock held = mark(F_WRLCK);
  if (::fcntl(descriptor_, F_OFD_SETLK, &held) != 0) {
    const int error_number = errno;
    ::close(descriptor_);
    fail(file_, error_number);
  }
  write_holder();
}

RunLock::~RunLock() {
  // Emptied while still locked: a free lock names nobody. The file stays, or two could lock two files of one
  // name.
  [[maybe_unused]] const int ignored = ::ftruncate(descriptor_, 0);
  ::close(descriptor_);
}

void RunLock::enter_gate(const std::string& gate) {
  self_.gate = gate;
  write_holder();
}

void RunLock::write_holder() const {
  const json document{{"pid", self_.pid},
                      {"host", self_.host},
                      {"run", self_.run},
                      {"gate", self_.gate},
                      {"since", self_.since}};
  std::string content = document.dump(-1, ' ', false, json::error_handler_t::replace);
  content.resize(content_size - 1, ' ');
  content += '\n';
  // Who holds the lock is the kernel's knowledge; the text only helps people, so a full disk does not end the
  // run here.
  [[maybe_unused]] const auto ignored = ::pwrite(descriptor_, content.data(), content.size(), 0);
}

std::optional<LockHolder> RunLock::holder(const std::filesystem::path& state_folder) {
  const std::filesystem::path file = state_folder / "lock";
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return std::nullopt;
    }
    fail(file, errno);
  }
  std::optional<LockHolder> found;
  struct flock conflict = mark(F_RDLCK);
  if (::fcntl(descriptor, F_OFD_GETLK, &conflict) == 0 && conflict.l_type != F_UNLCK) {
    found = read_holder(descriptor);
  }
  ::close(descriptor);
  return found;
}

LockHolder this_process(std::string run, std::string since) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) {
    host[0] = '\0';
  }
  return {
      .pid = ::getpid(), .host = host.data(), .run = std::move(run), .gate = {}, .since = std::move(since)};
}

}  // namespace fresh::state
