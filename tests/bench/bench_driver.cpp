// bench_driver BINARY PROJECT: start-up time and peak memory of the driver, medians of five, against their
// bounds and against the least that a process costs here, all in one run. Exit 1 when a bound is passed.
#include "bench/measure.h"

#include <fmt/core.h>

#include <string>
#include <vector>

namespace {

using fresh::bench::median;

constexpr int rounds = 5;
constexpr double startup_bound_ms = 10;
constexpr double memory_bound_mb = 40;

double startup(const std::vector<std::string>& words) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    times.push_back(fresh::bench::measure({words}).milliseconds);
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
    const auto one = fresh::bench::measure({run});
    if (!one.passed) {
      fmt::print(stderr, "bench: the run failed; see exports/ of {}\n{}\n", argv[2], one.errors);
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
