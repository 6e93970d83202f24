#include "document/project_path.h"

#include "document/refuse.h"
#include "document/utf8.h"

#include <fmt/core.h>

#include <filesystem>

namespace fresh::document {

std::string project_path(const Node& node) {
  constexpr const char* hint = "give a path relative to the folder of fresh-clone.yaml";
  const std::string& written = node.text();
  if (written.empty() || has_control_character(written)) {
    refuse(node.place, written.empty() ? "a path is missing here" : "a control character stands in this path",
           hint);
  }
  const auto path = std::filesystem::path(written).lexically_normal();
  if (path.is_absolute() || *path.begin() == "..") {
    refuse(node.place, fmt::format("'{}' is not inside the project", written), hint);
  }
  std::string text = path.generic_string();
  while (text.size() > 1 && text.ends_with('/')) {
    text.pop_back();
  }
  return text;
}

}  // namespace fresh::document
