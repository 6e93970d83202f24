#include "compose/tree.h"

#include "document/refuse.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace fresh::compose {

using document::Entry;
using document::Kind;
using document::Node;
using document::Place;

std::string shown(const TreePath& path) {
  return fmt::format("{}", fmt::join(path, "."));
}

Node text_value(std::string text, Place place) {
  Node node;
  node.kind = Kind::text;
  node.scalar = std::move(text);
  node.place = std::move(place);
  return node;
}

Node boolean_value(bool value, Place place) {
  return document::text_node(value ? "true" : "false", std::move(place));
}

Node list_value(Place place) {
  Node node;
  node.kind = Kind::list;
  node.place = std::move(place);
  return node;
}

Node map_value(Place place) {
  Node node;
  node.kind = Kind::map;
  node.place = std::move(place);
  return node;
}

void set(Node& map, std::string_view key, Node value) {
  if (Node* found = map.find(key)) {
    *found = std::move(value);
    return;
  }
  Place place = value.place;
  map.entries.push_back({std::string(key), std::move(place), std::move(value)});
}

void set_default(Node& map, std::string_view key, Node value) {
  if (map.find(key) == nullptr) {
    set(map, key, std::move(value));
  }
}

bool erase(Node& map, std::string_view key) {
  return std::erase_if(map.entries, [&](const Entry& entry) { return entry.key == key; }) > 0;
}

Node key_value_map(const Node& node, const std::string& what) {
  if (node.is_map()) {
    return node;
  }
  if (!node.is_list() && !node.is_null()) {
    document::refuse(node.place,
                     fmt::format("'{}' takes a map or a list of KEY=value, found {}", what, shown(node.kind)),
                     "write 'KEY: value' lines below it");
  }
  Node result = map_value(node.place);
  for (const auto& item : node.items) {
    const std::string& text = item.text();
    const auto equals = text.find('=');
    Node value;
    value.place = item.place;
    if (equals != std::string::npos) {
      value = text_value(text.substr(equals + 1), item.place);
    }
    set(result, text.substr(0, equals), std::move(value));
  }
  return result;
}

Node key_value_list(const Node& node) {
  if (node.is_list()) {
    return node;
  }
  if (node.is_scalar()) {
    Node result = list_value(node.place);
    if (!node.is_null()) {
      result.items.push_back(node);
    }
    return result;
  }
  std::vector<const Entry*> sorted;
  for (const auto& entry : node.entries) {
    sorted.push_back(&entry);
  }
  std::sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) { return a->key < b->key; });
  Node result = list_value(node.place);
  for (const Entry* entry : sorted) {
    if (entry->value.is_null()) {
      result.items.push_back(text_value(entry->key, entry->value.place));
    } else if (entry->value.is_list()) {
      for (const auto& item : entry->value.items) {
        result.items.push_back(text_value(entry->key + "=" + item.text(), item.place));
      }
    } else {
      result.items.push_back(text_value(entry->key + "=" + entry->value.text(), entry->value.place));
    }
  }
  return result;
}

bool same_tree(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.items.size() != b.items.size() || a.entries.size() != b.entries.size() ||
      (a.is_scalar() && !a.is_null() && a.scalar != b.scalar)) {
    return false;
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!same_tree(a.items[i], b.items[i])) {
      return false;
    }
  }
  return std::all_of(a.entries.begin(), a.entries.end(), [&](const Entry& entry) {
    const Node* other = b.find(entry.key);
    return other != nullptr && same_tree(entry.value, *other);
  });
}

}  // namespace fresh::compose
