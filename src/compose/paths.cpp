#include "compose/canonical.h"
#include "compose/mounts.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace fresh::compose {
namespace {

using document::Node;

bool is_windows_path(std::string_view path) {
  const auto is_slash = [](char c) { return c == '/' || c == '\\'; };
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return (path.size() > 2 && is_letter(path[0]) && path[1] == ':' && is_slash(path[2])) ||
         path.starts_with("\\\\");
}

bool is_remote_context(std::string_view context) {
  constexpr std::array prefixes{"https://", "http://", "git://", "ssh://", "github.com/", "git@", "service:"};
  return context.find("://") != std::string_view::npos ||
         std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const char* prefix) { return context.starts_with(prefix); });
}

class Paths {
 public:
  explicit Paths(const PathBase& base) : base_(base) {}

  void service(Node& service) const {
    if (Node* build = service.find("build"); build != nullptr && build->is_map()) {
      context(build->find("context"));
      each(build->find("additional_contexts"), [this](Node& value) { context(&value); });
      each(build->find("ssh"), [this](Node& value) { path(&value); });
    }
    each(service.find("env_file"), [this](Node& item) { file(item.find("path")); });
    each(service.find("label_file"), [this](Node& item) { file(&item); });
    if (Node* extends = service.find("extends"); extends != nullptr && extends->is_map()) {
      file(extends->find("file"));
    }
    if (Node* develop = service.find("develop"); develop != nullptr && develop->is_map()) {
      each(develop->find("watch"), [this](Node& item) { file(item.find("path")); });
    }
    each(service.find("volumes"), [this](Node& item) { mount(item); });
  }

  void path(Node* node) const {
    if (is_text(node)) {
      node->scalar = absolute_path(node->scalar, base_);
    }
  }

  void volume(Node& volume) const {
    const Node* driver = volume.find("driver");
    Node* options = volume.find("driver_opts");
    if (!is_text(driver) || driver->scalar != "local" || options == nullptr) {
      return;
    }
    const Node* kind = options->find("o");
    if (is_text(kind) && kind->scalar == "bind") {
      path(options->find("device"));
    }
  }

 private:
  static bool is_text(const Node* node) { return node != nullptr && node->kind == document::Kind::text; }

  template <typename Act>
  static void each(Node* node, Act act) {
    if (node == nullptr) {
      return;
    }
    for (auto& item : node->items) {
      act(item);
    }
    for (auto& entry : node->entries) {
      act(entry.value);
    }
  }

  void file(Node* node) const {
    if (is_text(node) && !node->scalar.empty()) {
      node->scalar = absolute_path(node->scalar, base_);
    }
  }

  void context(Node* node) const {
    if (is_text(node) && !is_remote_context(node->scalar)) {
      file(node);
    }
  }

  void mount(Node& mount) const {
    const Node* type = mount.find("type");
    if (!is_text(type) || type->scalar != "bind") {
      return;
    }
    if (mount.find("source") == nullptr) {
      document::refuse(mount.place, "this bind has no 'source'", "add 'source:', the path on this machine");
    }
    path(mount.find("source"));
  }

  const PathBase& base_;
};

template <typename Act>
void each_below(Node& root, std::string_view top, Act act) {
  if (Node* map = root.find(top)) {
    for (auto& entry : map->entries) {
      act(entry.value);
    }
  }
}

}  // namespace

std::string absolute_path(const std::string& path, const PathBase& base) {
  if (path.starts_with('~') && !base.home.empty()) {
    return clean_path(base.home + "/" + path.substr(1));
  }
  if (path.starts_with('/') || is_windows_path(path)) {
    return path;
  }
  return clean_path(base.working_folder.string() + "/" + path);
}

std::filesystem::path relative_folder(const std::filesystem::path& folder,
                                      const std::filesystem::path& seen_from) {
  const auto relative =
      std::filesystem::path(clean_path(folder.string())).lexically_relative(clean_path(seen_from.string()));
  return relative.empty() ? folder : relative;
}

void resolve_paths(Node& root, const PathBase& base) {
  const Paths paths(base);
  each_below(root, "services", [&](Node& service) { paths.service(service); });
  each_below(root, "volumes", [&](Node& volume) { paths.volume(volume); });
  each_below(root, "secrets", [&](Node& secret) { paths.path(secret.find("file")); });
  each_below(root, "configs", [&](Node& config) { paths.path(config.find("file")); });
}

}  // namespace fresh::compose
