#include "base/error.h"
#include "base/process.h"
#include "environment/tool_run.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace fresh::environment {
namespace {

using nlohmann::json;

constexpr base::Milliseconds question_deadline = std::chrono::seconds(60);

/// A package as `list --json` tells it.
struct CondaPackage {
  std::string name;
  std::string version;
  std::string build;
  std::string channel;
};

std::vector<CondaPackage> parse_list(const std::string& text) {
  std::vector<CondaPackage> packages;
  try {
    for (const auto& entry : json::parse(text)) {
      packages.push_back({.name = entry.at("name").get<std::string>(),
                          .version = entry.at("version").get<std::string>(),
                          .build = entry.value("build_string", ""),
                          .channel = entry.value("channel", "")});
    }
  } catch (const json::exception&) {
    throw base::Error(base::ExitCode::precheck,
                      fmt::format("conda did not list its packages, it said '{}'", text.substr(0, 80)),
                      "check that 'conda list --json' works");
  }
  std::sort(packages.begin(), packages.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return packages;
}

std::optional<std::vector<CondaPackage>> observe(const Task& task, const std::filesystem::path& folder) {
  std::error_code ignored;
  if (!std::filesystem::exists(folder / "conda-meta", ignored)) {
    return std::nullopt;
  }
  const auto result =
      base::run_command({.argv = {task.facts.conda, "list", "--prefix", folder.string(), "--json"},
                         .deadline = question_deadline},
                        task.stop);
  return result.exit_code == 0 ? std::optional(parse_list(result.out)) : std::nullopt;
}

Difference compare(const Lock& lock, const std::vector<CondaPackage>& packages) {
  Difference result;
  for (const auto& wanted : lock.requirements) {
    const auto found = std::find_if(packages.begin(), packages.end(),
                                    [&](const CondaPackage& package) { return package.name == wanted.name; });
    if (found == packages.end()) {
      result.missing.push_back(fmt::format("{} {}", wanted.name, wanted.version));
    } else if (found->version != wanted.version ||
               (!wanted.hashes.empty() && found->build != wanted.hashes.front())) {
      result.other_version.push_back(
          fmt::format("{} {} {} -> {}", wanted.name, found->version, found->build, wanted.version));
    }
  }
  return result;
}

void refuse_other_channels(const std::vector<CondaPackage>& packages) {
  for (const auto& package : packages) {
    if (package.channel.find("conda-forge") == std::string::npos) {
      throw base::Error(base::ExitCode::precheck,
                        fmt::format("package '{}' came from channel '{}', expected conda-forge", package.name,
                                    package.channel),
                        "remove the environment's folder '.fresh-clone/conda' and run again");
    }
  }
}

/// What was resolved, transitive packages included: an environment file need not name them.
std::string resolved_fingerprint(const std::vector<CondaPackage>& packages) {
  Lock lock;
  for (const auto& package : packages) {
    lock.requirements.push_back(
        {.name = package.name, .version = package.version, .marker = {}, .hashes = {package.build}});
  }
  return fingerprint(lock);
}

void make(const Task& task, const Lock& lock, const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  std::vector<std::string> argv = {task.facts.conda, "create",        "--yes",
                                   "--prefix",       folder.string(), "--override-channels",
                                   "--channel",      "conda-forge",   "--strict-channel-priority"};
  for (const auto& requirement : lock.requirements) {
    argv.push_back(fmt::format("{}={}{}{}", requirement.name, requirement.version,
                               requirement.hashes.empty() ? "" : "=",
                               requirement.hashes.empty() ? "" : requirement.hashes.front()));
  }
  run_tool(task, "making a conda-forge environment", std::move(argv));
}

}  // namespace

void ensure_conda(const Task& task, EnvironmentReport& report) {
  const Lock lock = parse_conda_environment(read_lock(task, Provider::conda), report.lock.string());
  report.folder = environment_folder(task.project, Provider::conda);
  report.python = report.folder / "bin" / "python";
  auto packages = observe(task, report.folder);
  if (!packages || !compare(lock, *packages).empty()) {
    report.changed = true;
    make(task, lock, report.folder);
    packages = observe(task, report.folder);
  }
  if (!packages) {
    throw base::Error(
        base::ExitCode::precheck,
        fmt::format("'{}' made no environment at '{}'", task.facts.conda, report.folder.string()),
        "look at its output above");
  }
  refuse_other_channels(*packages);
  if (const Difference left = compare(lock, *packages); !left.empty()) {
    throw base::Error(
        base::ExitCode::precheck,
        fmt::format("the environment differs from '{}': {}", report.lock.string(), to_string(left)),
        fmt::format("correct '{}', or remove '{}' and run again", report.lock.string(),
                    report.folder.string()));
  }
  report.fingerprint = resolved_fingerprint(*packages);
  report.packages = packages->size();
  if (packages->size() > lock.requirements.size()) {
    report.notes.push_back(fmt::format("{} packages beside the {} declared ones were chosen by the resolver",
                                       packages->size() - lock.requirements.size(),
                                       lock.requirements.size()));
  }
}

}  // namespace fresh::environment
