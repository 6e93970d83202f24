#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::environment {

/// One pinned package of a lock.
struct Requirement {
  std::string name;  ///< normalised: lower case, runs of `-_.` as one `-` (PEP 503)
  std::string version;
  std::string marker = {};               ///< PEP 508 marker, as written
  std::vector<std::string> hashes = {};  ///< `sha256:...`, sorted; for conda the build, if pinned
  auto operator<=>(const Requirement&) const = default;
};

/// A lock: its requirements sorted by name, each pinned exactly.
struct Lock {
  std::vector<Requirement> requirements;
};

/// A distribution name as PEP 503 compares it.
std::string normalised_name(std::string_view name);

/// Reads a hashed requirements file as `uv pip compile --generate-hashes`, `uv export` and `pip-compile`
/// write it. Refuses with `file:line`: a requirement without `==`, without a sha256 hash, by URL or path,
/// twice under the same marker, an option that brings in other files or sources, and an empty lock. `name` is
/// the file as errors shall call it.
Lock parse_requirements(std::string_view text, const std::string& name);

/// Reads a conda environment file. Refuses with place: a channel other than conda-forge (also
/// `channel::package`), a dependency without an exact version (`python=3.11.4`, with or without `=build`),
/// and nested pip requirements.
Lock parse_conda_environment(const std::string& text, const std::string& name);

/// The dependency fingerprint: sha256 over the normalised lock, so that comments, order and line breaks do
/// not count.
std::string fingerprint(const Lock& lock);

}  // namespace fresh::environment
