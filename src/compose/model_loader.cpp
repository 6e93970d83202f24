#include "compose/model_loader.h"

#include "base/error.h"
#include "compose/canonical.h"
#include "compose/check_schema.h"
#include "compose/env_file.h"
#include "compose/merge.h"
#include "compose/tree.h"
#include "compose/unique.h"
#include "document/load_yaml.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::compose {

using document::Node;
using std::filesystem::path;

std::string ModelLoader::shown(const path& file) const {
  if (file.filename() == standard_input) {
    return standard_input;
  }
  if (request_.shown_below.empty()) {
    return file.string();
  }
  const path relative = file.lexically_relative(request_.shown_below);
  return relative.empty() || relative.string().starts_with("..") ? file.string() : relative.string();
}

std::string ModelLoader::read(const path& file) const {
  auto text = request_.read(file);
  if (!text) {
    throw base::Error(base::ExitCode::precheck, fmt::format("the file '{}' does not exist", shown(file)),
                      "create it, or mend the path");
  }
  return *std::move(text);
}

void ModelLoader::warn(std::string text) {
  if (std::find(warnings_.begin(), warnings_.end(), text) == warnings_.end()) {
    warnings_.push_back(std::move(text));
  }
}

const std::vector<Node>& ModelLoader::documents(const path& file) {
  return documents_->of(file, [&] {
    auto documents = document::load_yaml_documents(read(file), shown(file), document::Dialect::go);
    for (const auto& node : documents) {
      if (!node.is_map() && !(node.is_null() && documents.size() == 1)) {
        document::refuse(
            node.place, fmt::format("a compose file is a map, found {}", document::shown(node.kind)),
            node.is_null() ? "remove the '---' that nothing follows" : "begin it with 'services:'");
      }
    }
    return documents;
  });
}

void ModelLoader::interpolate_document(Node& node, const Scope& scope) {
  if (!request_.interpolate) {
    return;
  }
  std::vector<std::string> missing;
  interpolate(node, scope.lookup, missing);
  unset_.insert(missing.begin(), missing.end());
}

void ModelLoader::add(Node file, const path& path, const Scope& scope, Node& root) {
  interpolate_document(file, scope);
  const Tags tags = take_tags(file);
  apply_extends(file, path, scope, tags);
  remove_paths(root, tags);
  apply_include(file, path, scope);
  root = root.entries.empty() ? std::move(file) : merge(std::move(root), std::move(file));
  make_unique(root);
  check_schema(root);
  if (erase(root, "version")) {
    warn(fmt::format("{}: 'version' is obsolete and has no effect", shown(path)));
  }
  make_canonical(root, !request_.interpolate);
  make_unique(root);
}

Node ModelLoader::load(const std::vector<path>& files, const Scope& scope) {
  Node root = map_value({});
  for (const auto& file : files) {
    for (const auto& node : documents(file)) {
      if (!node.is_null()) {
        root.place = node.place;
        add(node, file, scope, root);
      }
    }
  }
  set_defaults(root);
  check_resources(root);
  const path folder =
      scope.included_by.empty() ? scope.folder : relative_folder(scope.folder, scope.included_by);
  resolve_paths(root, {.working_folder = folder, .home = home_});
  return root;
}

std::map<std::string, std::string, std::less<>> read_env_files(const std::vector<path>& files,
                                                               const ModelLoader& loader,
                                                               const Lookup& lookup) {
  std::map<std::string, std::string, std::less<>> result;
  const Lookup both = [&](std::string_view name) -> std::optional<std::string> {
    if (auto outer = lookup(name)) {
      return outer;
    }
    const auto found = result.find(name);
    return found == result.end() ? std::nullopt : std::optional(found->second);
  };
  for (const auto& file : files) {
    for (auto& variable : parse_env_file(loader.read(file), loader.shown(file), both)) {
      if (!variable.value) {
        variable.value = both(variable.name);
      }
      if (variable.value) {
        result[variable.name] = *std::move(variable.value);
      }
    }
  }
  return result;
}

}  // namespace fresh::compose
