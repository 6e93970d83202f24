#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "environment/decide.h"
#include "environment/spec.h"

#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::environment {

/// The environment of a run. `folder` and `python` are empty for the container provider, whose image carries
/// them.
struct EnvironmentReport {
  Provider provider = Provider::container;
  std::string why;
  std::filesystem::path lock;  ///< as declared
  std::string fingerprint;     ///< 64 hex digits over the normalised lock (conda: over what was resolved)
  std::size_t packages = 0;
  std::filesystem::path folder;
  std::filesystem::path python;
  bool changed = false;  ///< made or mended in this run
  std::vector<std::string> notes;
};

/// The environment's place below a project: `.fresh-clone/venv` (uv and venv) or `.fresh-clone/conda`.
std::filesystem::path environment_folder(const std::filesystem::path& project, Provider provider);

/// Makes the declared environment equal to its lock, and proves it by asking the interpreter (gate G2_ENV).
/// uv and venv install with required hashes only; no interpreter is downloaded. Throws Error (precheck, exit
/// code 10) when no declared provider can be used, the lock is missing or not exact, an installation fails,
/// or the result differs from the lock.
EnvironmentReport ensure(const EnvironmentSpec& spec, const std::filesystem::path& project,
                         const ToolFacts& facts, const base::EventSink& sink, const base::Clock& clock,
                         const std::stop_token& stop);

}  // namespace fresh::environment
