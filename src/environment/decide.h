#pragma once

#include "environment/spec.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::environment {

/// What this host has to offer; empty = missing.
struct ToolFacts {
  std::vector<std::string> uv;  ///< the words that run it: {`/usr/bin/uv`} or {`python3`, `-m`, `uv`}
  std::string python;           ///< an interpreter of the declared version
  bool venv_module = false;     ///< it can make virtual environments with pip
  std::string conda;            ///< conda, mamba or micromamba
};

/// The provider for this run and why it is that one; or no provider, the reason and a remedy.
struct Decision {
  std::optional<Provider> provider;
  std::string why;
  std::string remedy;
};

/// The declared provider where its tool is there, else the declared fallback where that one's is (pure);
/// never another.
Decision decide(const EnvironmentSpec& spec, const ToolFacts& facts);

/// Looks on PATH for the tools that the spec's providers need, and asks each that it works; nothing for
/// `container`.
ToolFacts observe_tools(const EnvironmentSpec& spec, const std::stop_token& stop = {});

}  // namespace fresh::environment
