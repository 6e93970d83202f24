#include "pipeline/settings.h"

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

std::filesystem::path Surroundings::state_folder() const { return project_folder / ".fresh-clone"; }

}  // namespace fresh::pipeline
