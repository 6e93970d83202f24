#include "pipeline/settings.h"

#include "base/error.h"
#include "exports/run_id.h"

#include <fmt/core.h>

#include <system_error>

namespace fresh::pipeline {
namespace {

std::filesystem::path folder_of(const std::map<std::string, std::string>& variables, const std::string& name,
                                const std::filesystem::path& fallback) {
  const auto found = variables.find(name);
  const bool usable = found != variables.end() && std::filesystem::path(found->second).is_absolute();
  return usable ? std::filesystem::path(found->second) : fallback;
}

}  // namespace

std::filesystem::path Surroundings::home() const {
  const auto found = variables.find("HOME");
  return found != variables.end() && !found->second.empty() ? found->second : "/";
}

std::filesystem::path Surroundings::cache_home() const {
  return folder_of(variables, "XDG_CACHE_HOME", home() / ".cache");
}

std::filesystem::path Surroundings::data_folder() const {
  return folder_of(variables, "XDG_DATA_HOME", home() / ".local" / "share") / "fresh-clone";
}

std::filesystem::path Surroundings::state_folder() const {
  return state.empty() ? project_folder / ".fresh-clone" : state;
}

std::filesystem::path Surroundings::run_folder(const std::string& run_id) const {
  return project_folder / "exports" / run_id;
}

void check_run_id(const RunSettings& settings, const Surroundings& surroundings) {
  if (!settings.run_id) {
    return;
  }
  exports::check_run_id(*settings.run_id);
  std::error_code ignored;
  if (std::filesystem::exists(surroundings.run_folder(*settings.run_id), ignored)) {
    throw base::Error(base::ExitCode::usage, fmt::format("there is a run '{}' already", *settings.run_id),
                      "choose another --run-id, or leave it out");
  }
}

}  // namespace fresh::pipeline
