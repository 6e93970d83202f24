#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace fresh::determinism {

/// What the controls of a run depend on.
struct ControlsRequest {
  std::int64_t seed = 42;
  std::int64_t commit_time = 0;  ///< seconds since 1970, of the commit
  std::string project;
  std::string architecture = "amd64";  ///< of the engine
};

/// The environment that is set for every notebook so that results do not depend on machine, day or luck
/// (PYTHONHASHSEED=0 and DEMO_SEED among them). The portable
/// set: one thread, no AVX-512, so that a committed baseline holds on other CPUs of the same architecture.
/// Recorded in manifest and baseline.
std::map<std::string, std::string> portable_controls(const ControlsRequest& request);

/// Host name and user inside every notebook's container.
inline constexpr const char* control_hostname = "fresh-clone";
inline constexpr const char* control_user = "1000:1000";
/// Where the notebook's home, the file with the controls of matplotlib and the cells' names are.
inline constexpr const char* control_home = "/home/fresh-clone";
inline constexpr const char* control_matplotlibrc = "/fresh-clone/matplotlibrc";
inline constexpr const char* control_cell_folder = "/tmp/ipykernel";

/// The content of control_matplotlibrc: ids inside SVG files come from the project's name, not from chance.
std::string matplotlibrc(const std::string& project);

}  // namespace fresh::determinism
