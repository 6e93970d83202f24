#include "engine/detached.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sstream>
#include <string_view>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace fresh::engine {
namespace {

[[noreturn]] void fail(const std::string& program, int error_number) {
  throw base::Error(base::ExitCode::machine, fmt::format("cannot start '{}': {}", program,
                                                         std::system_category().message(error_number)));
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) {
    result.push_back(text.data());
  }
  result.push_back(nullptr);
  return result;
}

struct Report {
  pid_t pid = 0;
  int error_number = 0;
};

/// In the child: async-signal-safe calls only. A second fork makes init the parent, so that nothing becomes a
/// zombie of ours; the pid comes back through `report`, which exec closes.
[[noreturn]] void become(const char* program, char* const* argv, char* const* environment, int log,
                         int report) {
  ::setsid();
  const pid_t second = ::fork();
  if (second != 0) {
    const Report said{second, second < 0 ? errno : 0};
    [[maybe_unused]] const auto ignored = ::write(report, &said, sizeof said);
    ::_exit(0);
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int null_input = ::open("/dev/null", O_RDONLY);
  if (::dup2(null_input, 0) >= 0 && ::dup2(log, 1) >= 0 && ::dup2(log, 2) >= 0 && ::chdir("/") == 0) {
    ::execve(program, argv, environment);
  }
  const Report said{0, errno};
  [[maybe_unused]] const auto ignored = ::write(report, &said, sizeof said);
  ::_exit(127);
}

/// What `/proc/PID/<name>` holds; empty when the process is gone.
std::string process_file(std::int64_t pid, std::string_view name) {
  try {
    return base::read_file_if_exists(fmt::format("/proc/{}/{}", pid, name)).value_or("");
  } catch (const base::Error&) {
    return {};  // it ended while its file was read
  }
}

/// Field `number` (3 or more) of /proc/PID/stat. The name in brackets may hold anything, so count from its
/// end.
std::string stat_field(const std::string& stat, int number) {
  const auto bracket = stat.rfind(')');
  std::istringstream fields(bracket == std::string::npos ? "" : stat.substr(bracket + 1));
  std::string field;
  for (int at = 3; at <= number && fields >> field; ++at) {
  }
  return field;
}

/// The children of `parent` that run its command line too.
std::vector<ProcessRecord> children_of_the_same_program(const ProcessRecord& parent) {
  std::vector<ProcessRecord> found;
  const auto command = process_file(parent.pid, "cmdline");
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::int64_t pid = std::atoll(entry.path().filename().c_str());
    if (pid > 0 && stat_field(process_file(pid, "stat"), 4) == std::to_string(parent.pid) &&
        process_file(pid, "cmdline") == command) {
      if (const auto child = record_of(pid)) {
        found.push_back(*child);
      }
    }
  }
  return found;
}

}  // namespace

std::optional<ProcessRecord> record_of(std::int64_t pid) {
  const auto stat = process_file(pid, "stat");
  const auto state = stat_field(stat, 3);
  if (pid <= 0 || state.empty() || state == "Z" || state == "X") {
    return std::nullopt;
  }
  auto boot = base::read_file_if_exists("/proc/sys/kernel/random/boot_id").value_or("");
  boot.erase(boot.find_last_not_of('\n') + 1);
  return ProcessRecord{pid, stat_field(stat, 22), boot};
}

bool still_runs(const ProcessRecord& record) {
  return record_of(record.pid) == record;
}

ProcessRecord start_detached(const std::vector<std::string>& argv,
                             const std::map<std::string, std::string>& environment,
                             const std::filesystem::path& log) {
  auto arguments = argv;
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) {
    variables.push_back(name + "=" + value);
  }
  const auto argument_pointers = pointers(arguments);
  const auto variable_pointers = pointers(variables);
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  std::array<int, 2> report{};
  if (output < 0 || ::pipe2(report.data(), O_CLOEXEC) != 0) {
    fail(argv.front(), errno);
  }
  const pid_t first = ::fork();
  if (first == 0) {
    become(arguments.front().c_str(), argument_pointers.data(), variable_pointers.data(), output, report[1]);
  }
  const int fork_error = errno;
  ::close(report[1]);
  ::close(output);
  pid_t pid = 0;
  int error_number = first < 0 ? fork_error : 0;
  for (Report said;
       first > 0 && ::read(report[0], &said, sizeof said) == static_cast<ssize_t>(sizeof said);) {
    pid = said.pid != 0 ? said.pid : pid;
    error_number = said.error_number != 0 ? said.error_number : error_number;
  }
  ::close(report[0]);
  if (first > 0) {
    ::waitpid(first, nullptr, 0);
  }
  if (error_number != 0 || pid <= 0) {
    fail(argv.front(), error_number != 0 ? error_number : ECHILD);
  }
  return record_of(pid).value_or(ProcessRecord{pid, {}, {}});
}

void end_process(const ProcessRecord& record) {
  const base::SystemClock clock;
  // Rootless Podman's service is the child of a process that may end without passing the signal on.
  std::vector<ProcessRecord> family{record};
  if (still_runs(record)) {
    const auto children = children_of_the_same_program(record);
    family.insert(family.end(), children.begin(), children.end());
  }
  for (const int signal : {SIGTERM, SIGKILL}) {
    for (const auto& member : family) {
      if (still_runs(member)) {
        ::kill(static_cast<pid_t>(member.pid), signal);
      }
    }
    for (int look = 0; look < 200 && std::ranges::any_of(family, still_runs); ++look) {
      clock.wait(std::chrono::milliseconds(50), {});
    }
  }
}

}  // namespace fresh::engine
