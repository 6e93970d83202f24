#include "base/process.h"

#include "base/error.h"

#include <fmt/core.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sstream>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern char** environ;

namespace fresh::base {
namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;

  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw Error(ExitCode::precheck,
                  fmt::format("cannot make a pipe: {}", std::system_category().message(errno)));
    }
    read_end = ends[0];
    write_end = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(read_end);
    close_end(write_end);
  }
  static void close_end(int& end) {
    if (end >= 0) {
      ::close(std::exchange(end, -1));
    }
  }
};

std::vector<std::string> child_environment(const Command& command) {
  std::map<std::string, std::string> merged;
  if (!command.clean_environment) {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text(*entry);
      if (const auto equals = text.find('='); equals != std::string_view::npos) {
        merged.emplace(text.substr(0, equals), text.substr(equals + 1));
      }
    }
  }
  for (const auto& [name, value] : command.environment) {
    merged[name] = value;
  }
  std::vector<std::string> lines;
  lines.reserve(merged.size());
  for (const auto& [name, value] : merged) {
    lines.push_back(fmt::format("{}={}", name, value));
  }
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (auto& text : texts) {
    result.push_back(text.data());
  }
  result.push_back(nullptr);
  return result;
}

/// A file in memory that holds the text and is read from its begin: a program that reads nothing of it holds
/// nobody up, as one at the other end of a pipe would.
class Input {
 public:
  explicit Input(std::string_view text)
      : descriptor_(text.empty() ? ::open("/dev/null", O_RDONLY | O_CLOEXEC)
                                 : ::memfd_create("input", MFD_CLOEXEC)) {
    while (!text.empty()) {
      const ssize_t count = ::write(descriptor_, text.data(), text.size());
      if (count <= 0) {
        const int error_number = errno;
        ::close(descriptor_);
        throw Error(ExitCode::precheck, fmt::format("cannot write a program's input: {}",
                                                    std::system_category().message(error_number)));
      }
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    ::lseek(descriptor_, 0, SEEK_SET);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() { ::close(descriptor_); }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

/// Everything the child does between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(const char* program, char* const* argv, char* const* environment, const char* folder,
                         int input, int out, int err, int report) {
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::dup2(input, 0) >= 0 && ::dup2(out, 1) >= 0 && ::dup2(err, 2) >= 0 &&
      (folder == nullptr || ::chdir(folder) == 0)) {
    // Descriptors that we were given ourselves are none of its business, and shells know no number above
    // nine.
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    ::execve(program, argv, environment);
  }
  const int error_number = errno;
  [[maybe_unused]] const auto ignored = ::write(report, &error_number, sizeof error_number);
  ::_exit(127);
}

/// Collects one stream and cuts it into lines for the caller.
class Lines {
 public:
  Lines(std::string& all, const std::function<void(std::string_view)>& on_line)
      : all_(all), on_line_(on_line) {}

  /// Reads all that is there now; closes the descriptor at the end of the stream.
  void drain(int& descriptor) {
    std::array<char, 8192> block{};
    while (descriptor >= 0) {
      const ssize_t count = ::read(descriptor, block.data(), block.size());
      if (count < 0 && errno == EINTR) {
        continue;
      }
      if (count < 0 && errno == EAGAIN) {
        return;
      }
      if (count <= 0) {
        Pipe::close_end(descriptor);
        return;
      }
      all_.append(block.data(), static_cast<std::size_t>(count));
      for (auto end = all_.find('\n', begin_); end != std::string::npos; end = all_.find('\n', begin_)) {
        tell(end);
        begin_ = end + 1;
      }
    }
  }

  /// Tells a last line that has no newline.
  void finish() {
    if (begin_ < all_.size()) {
      tell(all_.size());
      begin_ = all_.size();
    }
  }

 private:
  void tell(std::size_t end) const {
    if (on_line_) {
      on_line_(std::string_view(all_).substr(begin_, end - begin_));
    }
  }

  std::string& all_;
  const std::function<void(std::string_view)>& on_line_;
  std::size_t begin_ = 0;
};

/// A started program: its process group is killed and reaped at the end of scope, whatever ended the scope.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid), handle_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (!reaped_) {
      signal_group(SIGKILL);
      wait();
    }
    if (handle_ >= 0) {
      ::close(handle_);
    }
  }

  /// Readable for poll once the program has ended.
  int handle() const { return handle_; }
  void signal_group(int signal) const { ::kill(-pid_, signal); }
  bool has_ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid_;
  }
  /// The exit status, or 128 + the signal's number.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_;
  int handle_;
  bool reaped_ = false;
};

constexpr Milliseconds poll_interval(50);
constexpr Milliseconds kill_grace(2000);

void make_nonblocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
}

/// Reads what the child says until it has ended. Its end decides, not the end of its output: a program may
/// close its output and go on, or leave behind another one that holds it open.
CommandResult follow(const Command& command, Child& child, Pipe& out, Pipe& err,
                     const std::stop_token& stop) {
  make_nonblocking(out.read_end);
  make_nonblocking(err.read_end);
  CommandResult result;
  Lines out_lines(result.out, command.on_line);
  Lines err_lines(result.err, command.on_line);
  const SystemClock clock;
  const SteadyTime deadline = clock.steady() + command.deadline;
  SteadyTime kill_at = SteadyTime::max();
  bool interrupted = false;
  bool ended = false;
  while (!ended) {
    std::array<pollfd, 3> watched{pollfd{out.read_end, POLLIN, 0}, pollfd{err.read_end, POLLIN, 0},
                                  pollfd{child.handle(), POLLIN, 0}};
    ::poll(watched.data(), watched.size(), static_cast<int>(poll_interval.count()));
    // Asked before the last reading: what the program wrote before its end is in the pipes by now.
    ended = child.has_ended();
    out_lines.drain(out.read_end);
    err_lines.drain(err.read_end);
    const SteadyTime now = clock.steady();
    if (ended) {
      break;
    }
    if (kill_at == SteadyTime::max() && (stop.stop_requested() || now >= deadline)) {
      interrupted = stop.stop_requested();
      result.timed_out = !interrupted;
      child.signal_group(SIGTERM);
      kill_at = now + kill_grace;
    } else if (now >= kill_at) {
      child.signal_group(SIGKILL);
    }
  }
  out_lines.finish();
  err_lines.finish();
  result.exit_code = child.wait();
  if (interrupted) {
    // What the program left behind in its group goes too.
    child.signal_group(SIGKILL);
    throw Interrupted(fmt::format("running '{}'", command.argv[0]));
  }
  if (result.timed_out) {
    child.signal_group(SIGKILL);
  }
  return result;
}

}  // namespace

CommandResult run_command(const Command& command, const std::stop_token& stop) {
  const Doing doing("running '{}'", command.argv.at(0));
  const auto program = find_program(command.argv[0]);
  if (!program) {
    throw Error(ExitCode::precheck, fmt::format("program '{}' is not installed", command.argv[0]),
                fmt::format("install '{}' and try again", command.argv[0]));
  }
  const Input input(command.input);
  Pipe out;
  Pipe err;
  Pipe report;
  std::vector<std::string> arguments = command.argv;
  std::vector<std::string> environment = child_environment(command);
  const auto argv = pointers(arguments);
  const auto envp = pointers(environment);
  const std::string folder = command.folder.string();

  const pid_t pid = ::fork();
  if (pid < 0) {
    throw Error(ExitCode::precheck, fmt::format("cannot fork: {}", std::system_category().message(errno)));
  }
  if (pid == 0) {
    become(program->c_str(), argv.data(), envp.data(), folder.empty() ? nullptr : folder.c_str(),
           input.descriptor(), out.write_end, err.write_end, report.write_end);
  }
  ::setpgid(pid, pid);
  Child child(pid);
  Pipe::close_end(out.write_end);
  Pipe::close_end(err.write_end);
  Pipe::close_end(report.write_end);

  int start_error = 0;
  if (::read(report.read_end, &start_error, sizeof start_error) == static_cast<ssize_t>(sizeof start_error)) {
    throw Error(ExitCode::precheck, fmt::format("cannot start '{}'{}: {}", program->string(),
                                                folder.empty() ? "" : fmt::format(" in '{}'", folder),
                                                std::system_category().message(start_error)));
  }
  return follow(command, child, out, err, stop);
}

std::optional<std::filesystem::path> find_program(std::string_view name) {
  const auto is_program = [](const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string_view::npos) {
    return is_program(name) ? std::optional(std::filesystem::absolute(name)) : std::nullopt;
  }
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const auto candidate = std::filesystem::path(folder) / name;
    if (!folder.empty() && is_program(candidate)) {
      return candidate;
    }
  }
  return std::nullopt;
}

}  // namespace fresh::base
