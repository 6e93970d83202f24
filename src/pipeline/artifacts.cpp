#include "pipeline/artifacts.h"

#include "base/error.h"
#include "base/sha256.h"

#include <fmt/core.h>

#include <fnmatch.h>

namespace fresh::pipeline {

std::map<std::string, std::string> artifact_digests(const std::filesystem::path& folder,
                                                    const std::vector<std::string>& patterns) {
  std::map<std::string, std::string> digests;
  for (const auto& pattern : patterns) {
    bool names_a_file = false;
    const auto top =
        folder / std::filesystem::path(pattern.substr(0, pattern.find_first_of("*?["))).parent_path();
    std::error_code ignored;
    for (std::filesystem::recursive_directory_iterator walk(top, ignored), end; walk != end;
         walk.increment(ignored)) {
      const std::string relative = walk->path().lexically_relative(folder).string();
      if (walk->is_regular_file() && ::fnmatch(pattern.c_str(), relative.c_str(), FNM_PATHNAME) == 0) {
        names_a_file = true;
        if (!digests.contains(relative)) {
          digests[relative] = base::sha256_file(walk->path());
        }
      }
    }
    if (!names_a_file) {
      throw base::Error(base::ExitCode::determinism,
                        fmt::format("the declared artefact '{}' names no file", pattern),
                        "let a step of the run write it, or remove it from determinism.artifacts");
    }
  }
  return digests;
}

}  // namespace fresh::pipeline
