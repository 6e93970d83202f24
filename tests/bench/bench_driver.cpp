// bench_driver BINARY PROJECT: start-up time and peak memory of the driver, medians of five, against their
// bounds and against the least that a process costs here, all in one run. Exit 1 when a bound is passed.
#include "base/clock.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int rounds = 5;
constexpr double startup_bound_ms = 10;
constexpr double memory_bound_mb = 40;

struct Measured {
  double milliseconds = 0;
  double peak_mb = 0;
  int status = 0;
};

/// The process's own high-water mark; a child's memory is not the driver's.
std::optional<double> peak_of(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      return std::stod(line.substr(6)) / 1024;
    }
  }
  return {};
}

Measured measure(std::vector<std::string> command, bool memory) {
  std::vector<char*> argv;
  for (auto& word : command) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  const auto start = Clock::now();
  const pid_t pid = ::fork();
  if (pid == 0) {
    const int nowhere = ::open("/dev/null", O_RDWR);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  Measured measured;
  while (::waitpid(pid, &measured.status, memory ? WNOHANG : 0) == 0) {
    measured.peak_mb = std::max(measured.peak_mb, peak_of(pid).value_or(0));
    fresh::base::SystemClock().wait(fresh::base::Milliseconds(2), {});
  }
  measured.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  return measured;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double startup(const std::vector<std::string>& command) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    times.push_back(measure(command, false).milliseconds);
  }
  return median(times);
}

int report(const char* what, double value, double bound, const char* unit, const std::string& more) {
  const bool holds = value <= bound;
  fmt::print("{:<28} {:8.1f} {}  bound {:.0f} {}  {}  {}\n", what, value, unit, bound, unit,
             holds ? "holds" : "EXCEEDED", more);
  return holds ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: bench_driver BINARY PROJECT\n");
    return 2;
  }
  const std::string binary = argv[1];
  int failed = 0;
  const double floor = startup({"/bin/true"});
  const double version = startup({binary, "--version"});
  failed += report("--version, median of 5", version, startup_bound_ms, "ms",
                   fmt::format("floor /bin/true {:.1f} ms, ratio {:.1f}", floor, version / floor));
  const std::vector<std::string> run{binary, "--project", argv[2], "--progress", "quiet", "run"};
  std::vector<double> peaks;
  std::vector<double> seconds;
  for (int i = 0; i <= rounds; ++i) {
    const Measured one = measure(run, true);
    if (!WIFEXITED(one.status) || WEXITSTATUS(one.status) != 0) {
      fmt::print(stderr, "bench: the run failed; see exports/ of {}\n", argv[2]);
      return 1;
    }
    if (i > 0) {  // the first one warms images and caches
      peaks.push_back(one.peak_mb);
      seconds.push_back(one.milliseconds / 1000);
    }
  }
  failed += report("run, peak memory, median of 5", median(peaks), memory_bound_mb, "MB",
                   fmt::format("warm run {:.1f} s", median(seconds)));
  return failed == 0 ? 0 : 1;
}
