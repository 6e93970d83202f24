#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::environment {

/// Who provides the Python environment that the project's code runs in.
enum class Provider {
  container,  ///< the notebook image carries it; the host needs no Python
  uv,         ///< a virtual environment made by uv
  venv,       ///< a virtual environment made by `python3 -m venv` and pip
  conda,      ///< a conda-forge environment made by conda, mamba or micromamba
};

/// The environment as declared (docs/formats.md, environment).
struct EnvironmentSpec {
  Provider provider = Provider::container;
  /// Used only where the provider's own tool is missing, and said; nothing: no fallback.
  std::optional<Provider> fallback = {};
  /// Lock file by provider, relative to the project. Defaults: requirements.lock, for conda environment.yml.
  std::map<Provider, std::filesystem::path> locks = {};
  std::string python = {};                ///< `3.11` or the path of an interpreter; empty: python3
  std::string image = {};                 ///< container: the image that carries the environment
  std::vector<std::string> require = {};  ///< names that must be set for a run
  std::map<std::string, std::string> variables = {};  ///< set for a run

  /// The lock file of a provider, relative to the project.
  std::filesystem::path lock(Provider of) const;
};

/// `container`, `uv`, `venv`, `conda`.
std::string_view shown(Provider provider);

}  // namespace fresh::environment
