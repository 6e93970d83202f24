#pragma once

#include "compose/load.h"

#include <map>
#include <string>

namespace fresh::test {

using Files = std::map<std::string, std::string>;

/// A request that reads from `files` and from nowhere else; `compose.yaml` of the folder /p is the file.
inline compose::LoadRequest request_of(Files files) {
  compose::LoadRequest request;
  request.files = {"/p/compose.yaml"};
  request.shown_below = "/p";
  request.read = [files = std::move(files)](const std::filesystem::path& path) -> std::optional<std::string> {
    const auto found = files.find(path.string());
    return found == files.end() ? std::nullopt : std::optional(found->second);
  };
  return request;
}

/// The folder has a key.txt that holds `s3`, unless `more` has another one.
inline compose::Project project_of(const std::string& yaml, Files more = {}) {
  more.emplace("/p/key.txt", "s3");
  more["/p/compose.yaml"] = yaml;
  return compose::load(request_of(std::move(more)));
}

}  // namespace fresh::test
