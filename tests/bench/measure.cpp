#include "bench/measure.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fresh::bench {

Measured measure(const Command& command) {
  std::vector<std::string> words = command.words;
  std::vector<char*> argv;
  for (auto& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  std::array<int, 2> errors{};
  if (::pipe2(errors.data(), O_CLOEXEC) != 0) {
    return {};
  }
  const auto start = std::chrono::steady_clock::now();
  const pid_t pid = ::fork();
  if (pid == 0) {
    const int nowhere = ::open("/dev/null", O_RDWR);
    ::dup2(nowhere, STDIN_FILENO);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(errors[1], STDERR_FILENO);
    for (const auto& [name, value] : command.variables) {
      ::setenv(name.c_str(), value.c_str(), 1);
    }
    if (command.folder.empty() || ::chdir(command.folder.c_str()) == 0) {
      ::execv(argv[0], argv.data());
    }
    ::_exit(127);
  }
  ::close(errors[1]);
  Measured measured;
  std::array<char, 4096> piece{};
  for (ssize_t got = 0; (got = ::read(errors[0], piece.data(), piece.size())) > 0;) {
    measured.errors.append(piece.data(), static_cast<std::size_t>(got));
    measured.errors.resize(std::min<std::size_t>(measured.errors.size(), 4096));
  }
  ::close(errors[0]);
  int status = 0;
  struct rusage usage {};
  ::wait4(pid, &status, 0, &usage);
  measured.milliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  measured.peak_mb = static_cast<double>(usage.ru_maxrss) / 1024;
  measured.passed = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return measured;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double least(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

}  // namespace fresh::bench
