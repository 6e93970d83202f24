#include "compose/canonical.h"
#include "compose/check_schema.h"
#include "compose/model_loader.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace fresh::compose {

using document::Node;
using std::filesystem::path;

namespace {

std::vector<const Node*> texts_of(const Node* node) {
  std::vector<const Node*> result;
  if (node == nullptr || node->is_null()) {
    return result;
  }
  if (node->is_scalar()) {
    result.push_back(node);
  }
  for (const auto& item : node->items) {
    if (item.kind != document::Kind::text) {
      document::refuse(item.place, fmt::format("a path is text, found {}", shown(item.kind)), "write a path");
    }
    result.push_back(&item);
  }
  return result;
}

void refuse_remote(const Node& node) {
  constexpr std::array prefixes{"https://", "http://", "git://", "ssh://", "git@", "oci://", "github.com/"};
  if (std::any_of(prefixes.begin(), prefixes.end(),
                  [&](const char* prefix) { return node.scalar.starts_with(prefix); })) {
    document::refuse(node.place, fmt::format("'{}' is not a file of this machine", node.scalar),
                     "clone it, and include the file");
  }
}

/// Adds what an included project has; equal definitions are fine, others are a conflict.
void add_resources(Node& file, Node imported) {
  for (const std::string_view top : {"services", "volumes", "networks", "secrets", "configs", "models"}) {
    Node* from = imported.find(top);
    if (from == nullptr || !from->is_map()) {
      continue;
    }
    set_default(file, top, map_value(from->place));
    Node& to = *file.find(top);
    if (to.is_null()) {
      to = map_value(from->place);
    }
    for (auto& entry : from->entries) {
      const Node* own = to.find(entry.key);
      if (own == nullptr) {
        to.entries.push_back(std::move(entry));
      } else if (!same_tree(*own, entry.value)) {
        document::refuse(own->place,
                         fmt::format("'{}.{}' stands here and, in another form, in the included {}", top,
                                     entry.key, entry.value.place.text()),
                         "rename one of the two; to change an included service, merge a second file");
      }
    }
  }
}

}  // namespace

void ModelLoader::apply_include(Node& file, const path& path, const Scope& scope) {
  const Node* written = file.find("include");
  if (written == nullptr) {
    return;
  }
  const Node include = *written;
  erase(file, "include");
  if (!include.is_list() && !include.is_null()) {
    document::refuse(include.place,
                     fmt::format("'include' takes a list, found {}", document::shown(include.kind)),
                     "write '- path' below it");
  }
  if (include.is_list()) {
    check_include(include);
  }
  for (const auto& entry : include.items) {
    add_resources(file, included(entry, path, scope));
  }
}

Node ModelLoader::included(const Node& entry, const path& by, const Scope& scope) {
  const auto files = entry.is_map() ? texts_of(entry.find("path")) : texts_of(&entry);
  if (files.empty()) {
    document::refuse(entry.place, "this include names no file", "add 'path:'");
  }
  const PathBase base{.working_folder = scope.folder, .home = home_};
  std::vector<path> paths;
  for (const Node* file : files) {
    refuse_remote(*file);
    paths.emplace_back(absolute_path(file->scalar, base));
    if (!read_at(file->place, request_.read, paths.back())) {
      document::refuse(file->place, fmt::format("the file '{}' does not exist", shown(paths.back())),
                       "create it, or mend the path");
    }
  }
  Scope inner{.folder = paths.front().parent_path(), .lookup = scope.lookup, .included = scope.included};
  inner.included.push_back(by);
  if (std::find(inner.included.begin(), inner.included.end(), paths.front()) != inner.included.end()) {
    std::vector<std::string> names;
    for (const auto& file : inner.included) {
      names.push_back(shown(file));
    }
    document::refuse(
        entry.place,
        fmt::format("'include' goes in a circle: {} -> {}", fmt::join(names, " -> "), shown(paths.front())),
        "remove one of these includes");
  }
  const Node* folder = entry.find("project_directory");
  if (folder != nullptr && folder->kind == document::Kind::text && !folder->scalar.empty()) {
    inner.folder = absolute_path(folder->scalar, base);
  }
  std::vector<path> env_files;
  for (const Node* file : texts_of(entry.find("env_file"))) {
    env_files.emplace_back(absolute_path(file->scalar, base));
    if (!read_at(file->place, request_.read, env_files.back())) {
      document::refuse(file->place, fmt::format("the env file '{}' does not exist", shown(env_files.back())),
                       "create it, or mend the path");
    }
  }
  if (env_files.empty() && request_.read(inner.folder / ".env")) {
    env_files.push_back(inner.folder / ".env");
  }
  const auto own = read_env_files(env_files, *this, scope.lookup);
  const Lookup lookup = [&](std::string_view name) -> std::optional<std::string> {
    if (auto outer = scope.lookup(name)) {
      return outer;
    }
    const auto found = own.find(name);
    return found == own.end() ? std::nullopt : std::optional(found->second);
  };
  more_files_.insert(more_files_.end(), paths.begin(), paths.end());
  const Scope with_own{
      .folder = inner.folder, .lookup = lookup, .included = inner.included, .included_by = scope.folder};
  // Bases are interpolated with the variables of their scope.
  std::map<path, Bases> outer_bases;
  outer_bases.swap(bases_);
  Node result = load(paths, with_own);
  outer_bases.swap(bases_);
  return result;
}

}  // namespace fresh::compose
