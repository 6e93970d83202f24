#include "environment/decide.h"

#include "base/process.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace fresh::environment {
namespace {

constexpr base::Milliseconds question_deadline = std::chrono::seconds(20);

bool answers(std::vector<std::string> argv, const std::stop_token& stop) {
  return base::run_command({.argv = std::move(argv), .deadline = question_deadline}, stop).exit_code == 0;
}

/// What is missing for a provider and how to get it; empty when it can be used.
struct Lack {
  std::string what;
  std::string remedy;
};

std::string python_wanted(const EnvironmentSpec& spec) {
  return spec.python.empty() ? "python3" : fmt::format("python {}", spec.python);
}

Lack lack(const EnvironmentSpec& spec, Provider provider, const ToolFacts& facts) {
  const bool needs_python = provider == Provider::uv || provider == Provider::venv;
  if (provider == Provider::uv && facts.uv.empty()) {
    return {"uv was not found", "install uv ('pip install uv'), or declare 'fallback: venv'"};
  }
  if (needs_python && facts.python.empty()) {
    return {fmt::format("{} was not found", python_wanted(spec)), "install it (Debian: python3)"};
  }
  if (provider == Provider::venv && !facts.venv_module) {
    return {fmt::format("'{} -m venv' cannot make an environment with pip", facts.python),
            "install it (Debian: python3-venv)"};
  }
  if (provider == Provider::conda && facts.conda.empty()) {
    return {"neither conda, mamba nor micromamba was found",
            "install micromamba, or declare another provider or a fallback"};
  }
  return {};
}

std::string reason(Provider provider, const ToolFacts& facts) {
  switch (provider) {
    case Provider::container:
      return "declared; the image carries the environment";
    case Provider::uv:
      return fmt::format("declared; found '{}'",
                         facts.uv.back() == "uv" ? "python3 -m uv" : facts.uv.front());
    case Provider::venv:
      return fmt::format("declared; found '{}'", facts.python);
    case Provider::conda:
      return fmt::format("declared; found '{}'", facts.conda);
  }
  return {};
}

bool is_path(const std::string& python) {
  return python.find('/') != std::string::npos;
}

std::string find_python(const EnvironmentSpec& spec, const std::stop_token& stop) {
  std::vector<std::string> candidates = {"python3"};
  if (is_path(spec.python)) {
    candidates = {spec.python};
  } else if (!spec.python.empty()) {
    candidates.insert(candidates.begin(), "python" + spec.python);
  }
  const std::string prefix = is_path(spec.python) ? "" : spec.python;
  // The answer is the interpreter itself: the name on PATH may be a script that chooses one by folder.
  constexpr const char* query =
      "import sys; print('%d.%d.%d.' % sys.version_info[:3]); print(sys.executable)";
  for (const auto& candidate : candidates) {
    if (!base::find_program(candidate)) {
      continue;
    }
    const auto result =
        base::run_command({.argv = {candidate, "-I", "-c", query}, .deadline = question_deadline}, stop);
    const auto newline = result.out.find('\n');
    if (result.exit_code == 0 && newline != std::string::npos &&
        (prefix.empty() || result.out.compare(0, prefix.size() + 1, prefix + ".") == 0)) {
      const std::string path = result.out.substr(newline + 1);
      return path.substr(0, path.find('\n'));
    }
  }
  return {};
}

std::vector<std::string> find_uv(const std::string& python, const std::stop_token& stop) {
  if (const auto uv = base::find_program("uv"); uv && answers({uv->string(), "--version"}, stop)) {
    return {uv->string()};
  }
  if (!python.empty() && answers({python, "-m", "uv", "--version"}, stop)) {
    return {python, "-m", "uv"};
  }
  return {};
}

}  // namespace

Decision decide(const EnvironmentSpec& spec, const ToolFacts& facts) {
  const Lack first = lack(spec, spec.provider, facts);
  if (first.what.empty()) {
    return {.provider = spec.provider, .why = reason(spec.provider, facts), .remedy = {}};
  }
  if (!spec.fallback) {
    return {.provider = std::nullopt,
            .why = fmt::format("provider '{}' cannot be used: {}", shown(spec.provider), first.what),
            .remedy = first.remedy};
  }
  const Lack second = lack(spec, *spec.fallback, facts);
  if (second.what.empty()) {
    return {.provider = spec.fallback,
            .why = fmt::format("declared fallback, because '{}' cannot be used: {}", shown(spec.provider),
                               first.what),
            .remedy = {}};
  }
  return {.provider = std::nullopt,
          .why = fmt::format("neither provider '{}' ({}) nor its fallback '{}' ({}) can be used",
                             shown(spec.provider), first.what, shown(*spec.fallback), second.what),
          .remedy = first.remedy};
}

ToolFacts observe_tools(const EnvironmentSpec& spec, const std::stop_token& stop) {
  const auto may_use = [&](Provider provider) {
    return spec.provider == provider || spec.fallback == provider;
  };
  ToolFacts facts;
  if (may_use(Provider::uv) || may_use(Provider::venv)) {
    facts.python = find_python(spec, stop);
  }
  if (may_use(Provider::uv)) {
    facts.uv = find_uv(facts.python, stop);
  }
  if (may_use(Provider::venv) && !facts.python.empty()) {
    facts.venv_module = answers({facts.python, "-I", "-c", "import venv, ensurepip"}, stop);
  }
  if (may_use(Provider::conda)) {
    for (const char* name : {"micromamba", "mamba", "conda"}) {
      const auto found = base::find_program(name);
      if (found && facts.conda.empty()) {
        facts.conda = found->string();
      }
    }
  }
  return facts;
}

}  // namespace fresh::environment
