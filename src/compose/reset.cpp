#include "compose/reset.h"

#include "document/refuse.h"

#include <fmt/core.h>

#include <string>

namespace fresh::compose {
namespace {

using document::Node;

/// True when the value itself goes.
bool visit(Node& node, TreePath& path, std::vector<TreePath>& found) {
  if (!node.tag.empty()) {
    if (node.tag != "!reset" && node.tag != "!override") {
      document::refuse(node.place, fmt::format("unknown tag '{}'", node.tag),
                       document::nearest_hint(node.tag, {"!reset", "!override"},
                                              "remove it: a compose file has only !reset and !override"));
    }
    found.push_back(path);
    const bool is_reset = node.tag == "!reset";
    node.tag.clear();
    return is_reset;
  }
  std::size_t position = 0;
  std::erase_if(node.items, [&](Node& item) {
    path.push_back(std::to_string(position++));  // names no key: an item goes from its own file alone
    const bool goes = visit(item, path, found);
    path.pop_back();
    return goes;
  });
  std::erase_if(node.entries, [&](document::Entry& entry) {
    path.push_back(entry.key);
    const bool goes = visit(entry.value, path, found);
    path.pop_back();
    return goes;
  });
  return false;
}

}  // namespace

std::vector<TreePath> take_tags(Node& root) {
  std::vector<TreePath> found;
  TreePath path;
  visit(root, path, found);
  return found;
}

void remove_paths(Node& target, std::span<const TreePath> paths) {
  for (const auto& path : paths) {
    Node* node = &target;
    for (std::size_t i = 0; i + 1 < path.size() && node != nullptr; ++i) {
      node = node->find(path[i]);
    }
    if (node != nullptr && !path.empty()) {
      erase(*node, path.back());
    }
  }
}

std::vector<TreePath> below_service(std::span<const TreePath> paths, const std::string& name) {
  std::vector<TreePath> result;
  for (const auto& path : paths) {
    if (path.size() > 2 && path[0] == "services" && path[1] == name) {
      result.emplace_back(path.begin() + 2, path.end());
    }
  }
  return result;
}

}  // namespace fresh::compose
