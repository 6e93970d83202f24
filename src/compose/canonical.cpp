#include "compose/canonical.h"

#include "base/error.h"
#include "compose/mounts.h"
#include "compose/ports.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::compose {
namespace {

using document::Node;

Node* map_at(Node& node, std::string_view key) {
  Node* found = node.find(key);
  return found != nullptr && found->is_map() ? found : nullptr;
}

Node* list_at(Node& node, std::string_view key) {
  Node* found = node.find(key);
  return found != nullptr && found->is_list() ? found : nullptr;
}

bool is_text(const Node& node) {
  return node.is_scalar() && !node.is_null();
}

Node map_of(std::string_view key, Node value) {
  Node map = map_value(value.place);
  set(map, key, std::move(value));
  return map;
}

Node list_of(Node value) {
  Node list = list_value(value.place);
  list.items.push_back(std::move(value));
  return list;
}

void listed(Node& map, std::string_view key) {
  if (Node* value = map.find(key); value != nullptr && is_text(*value)) {
    *value = list_of(std::move(*value));
  }
}

/// `text` of each item becomes `{key: text}`.
void items_as_maps(Node& map, std::string_view list, std::string_view key) {
  if (Node* value = list_at(map, list)) {
    for (auto& item : value->items) {
      if (is_text(item)) {
        item = map_of(key, std::move(item));
      }
    }
  }
}

void names_as_map(Node& service, std::string_view key) {
  Node* value = list_at(service, key);
  if (value == nullptr) {
    return;
  }
  Node map = map_value(value->place);
  for (const auto& item : value->items) {
    Node nothing;
    nothing.place = item.place;
    set(map, item.text(), std::move(nothing));
  }
  *value = std::move(map);
}

void dependencies(Node& service) {
  if (Node* list = list_at(service, "depends_on")) {
    Node map = map_value(list->place);
    for (const auto& item : list->items) {
      set(map, item.text(), map_value(item.place));
    }
    *list = std::move(map);
  }
  if (Node* map = map_at(service, "depends_on")) {
    for (auto& entry : map->entries) {
      set_default(entry.value, "condition", text_value("service_started", entry.value.place));
      set_default(entry.value, "required", boolean_value(true, entry.value.place));
    }
  }
}

void env_files(Node& service) {
  listed(service, "env_file");
  items_as_maps(service, "env_file", "path");
  if (Node* list = list_at(service, "env_file")) {
    for (auto& item : list->items) {
      set_default(item, "required", boolean_value(true, item.place));
    }
  }
}

void gpus(Node& service) {
  Node* value = service.find("gpus");
  if (value == nullptr || !is_text(*value)) {
    return;
  }
  if (value->scalar != "all") {
    document::refuse(value->place, fmt::format("'gpus' cannot be '{}'", value->scalar),
                     "write 'all', or a list of device requests");
  }
  *value = list_of(map_of("count", text_value("all", value->place)));
}

Node device(const Node& text) {
  std::vector<std::string> parts(1);
  for (const char c : text.scalar) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  if (parts.size() > 3) {
    document::refuse(text.place, fmt::format("'{}' is no device: it has too many colons", text.scalar),
                     "write source:target:permissions, or the long form");
  }
  Node map = map_value(text.place);
  set(map, "source", text_value(parts[0], text.place));
  set(map, "target", text_value(parts.size() > 1 && !parts[1].empty() ? parts[1] : parts[0], text.place));
  set(map, "permissions", text_value(parts.size() > 2 ? parts[2] : "rwm", text.place));
  return map;
}

void contexts(Node& build) {
  Node* list = list_at(build, "additional_contexts");
  if (list == nullptr) {
    return;
  }
  for (const auto& item : list->items) {
    if (item.text().find('=') == std::string::npos) {
      document::refuse(item.place, fmt::format("'{}' is no build context", item.scalar),
                       "write name=context");
    }
  }
  *list = key_value_map(*list, "additional_contexts");
}

void ssh(Node& build) {
  Node* list = list_at(build, "ssh");
  if (list == nullptr) {
    return;
  }
  Node map = map_value(list->place);
  for (const auto& item : list->items) {
    const std::string& text = item.text();
    // `id: path` is how docker compose itself prints a key.
    const auto equals = std::min(text.find('='), text.find(": "));
    if (equals == std::string::npos) {
      if (text != "default") {
        document::refuse(item.place, fmt::format("'{}' is no ssh key", text), "write 'default' or id=path");
      }
      set(map, text, Node{.place = item.place});
    } else {
      set(map, text.substr(0, equals),
          text_value(text.substr(equals + (text[equals] == '=' ? 1 : 2)), item.place));
    }
  }
  *list = std::move(map);
}

void external(Node& root, std::string_view top) {
  Node* resources = map_at(root, top);
  if (resources == nullptr) {
    return;
  }
  for (auto& entry : resources->entries) {
    Node* value = entry.value.find("external");
    if (value == nullptr || !value->is_map()) {
      continue;
    }
    const Node external = std::move(*value);
    *value = boolean_value(true, external.place);
    const Node* name = external.find("name");
    const Node* own = entry.value.find("name");
    if (name != nullptr && own != nullptr && !same_tree(*name, *own)) {
      document::refuse(name->place, fmt::format("'{}.{}' has two names", top, entry.key),
                       "keep 'name:', and write 'external: true'");
    }
    if (name != nullptr) {
      set(entry.value, "name", *name);
    }
  }
}

class Services {
 public:
  explicit Services(bool lenient) : lenient_(lenient) {}

  void make_long(Node& service) const {
    if (Node* build = service.find("build"); build != nullptr && !build->is_null()) {
      if (!build->is_map()) {
        *build = map_of("context", std::move(*build));
      }
      items_as_maps(*build, "secrets", "source");
      contexts(*build);
      ssh(*build);
    }
    dependencies(service);
    env_files(service);
    listed(service, "label_file");
    listed(service, "dns");
    omit_empty_dns(service);
    if (Node* extends = service.find("extends"); extends != nullptr && is_text(*extends)) {
      *extends = map_of("service", std::move(*extends));
    }
    gpus(service);
    names_as_map(service, "networks");
    names_as_map(service, "models");
    items_as_maps(service, "secrets", "source");
    items_as_maps(service, "configs", "source");
    changed_items(service, "volumes", long_mount);
    changed_items(service, "devices", device);
    ports(service);
  }

 private:
  static void omit_empty_dns(Node& service) {
    if (Node* dns = list_at(service, "dns")) {
      std::erase_if(dns->items, [](const Node& item) { return item.scalar.empty(); });
    }
  }

  void changed_items(Node& service, std::string_view key, Node (*change)(const Node&)) const {
    if (Node* list = list_at(service, key)) {
      for (auto& item : list->items) {
        if (is_text(item)) {
          item = attempt(item, change);
        }
      }
    }
  }

  Node attempt(const Node& item, Node (*change)(const Node&)) const {
    if (!lenient_) {
      return change(item);
    }
    try {
      return change(item);
    } catch (const base::Error&) {
      return item;
    }
  }

  void ports(Node& service) const {
    Node* list = list_at(service, "ports");
    if (list == nullptr) {
      return;
    }
    Node expanded = list_value(list->place);
    for (const auto& item : list->items) {
      if (!is_text(item)) {
        expanded.items.push_back(item);
        continue;
      }
      try {
        for (auto& port : long_ports(item)) {
          expanded.items.push_back(std::move(port));
        }
      } catch (const base::Error&) {
        if (!lenient_) {
          throw;
        }
        return;
      }
    }
    *list = std::move(expanded);
  }

  bool lenient_;
};

}  // namespace

void make_canonical(Node& root, bool lenient) {
  if (Node* services = map_at(root, "services")) {
    const Services change(lenient);
    for (auto& entry : services->entries) {
      change.make_long(entry.value);
    }
  }
  for (const std::string_view top : {"networks", "volumes", "secrets", "configs"}) {
    external(root, top);
  }
}

}  // namespace fresh::compose
