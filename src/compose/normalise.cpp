#include "compose/normalise.h"

#include "compose/env_file.h"
#include "compose/mounts.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

namespace fresh::compose {
namespace {

using document::Node;

void add_env_file(const Node& item, Node& environment, const NormaliseContext& context) {
  const Node& path = *item.find("path");
  const auto text = context.read(path.scalar);
  if (!text) {
    if (item.find("required")->boolean()) {
      document::refuse(path.place, fmt::format("the env file '{}' does not exist", path.scalar),
                       "create it, or write 'required: false'");
    }
    return;
  }
  const Node* format = item.find("format");
  const bool raw = format != nullptr && format->text() == "raw";
  for (auto& variable :
       raw ? parse_raw_env_file(*text) : parse_env_file(*text, path.scalar, context.lookup)) {
    auto value = variable.value ? std::move(variable.value) : context.lookup(variable.name);
    if (value) {
      set(environment, variable.name, text_value(*std::move(value), path.place));
    }
  }
}

void resolve_environment(Node& service, const NormaliseContext& context) {
  Node environment = map_value(service.place);
  if (const Node* files = service.find("env_file"); files != nullptr && files->is_list()) {
    for (const auto& item : files->items) {
      add_env_file(item, environment, context);
    }
  }
  if (const Node* own = service.find("environment"); own != nullptr && own->is_map()) {
    for (const auto& entry : own->entries) {
      Node value = entry.value;
      if (value.is_null()) {
        if (const auto outer = context.lookup(entry.key)) {
          value = text_value(*outer, entry.value.place);
        }
      }
      set(environment, entry.key, std::move(value));
    }
  }
  erase(service, "env_file");
  if (!environment.entries.empty()) {
    set(service, "environment", std::move(environment));
  }
}

// By value: what the caller names may lie in the tree that grows here.
void depend_on(Node& service, const std::string& other, document::Place place, bool restart) {
  set_default(service, "depends_on", map_value(place));
  Node dependency = map_value(place);
  set(dependency, "condition", text_value("service_started", place));
  set(dependency, "required", boolean_value(true, place));
  if (restart) {
    set(dependency, "restart", boolean_value(true, place));
  }
  Node* map = service.find("depends_on");
  if (map->is_null()) {
    *map = map_value(place);
  }
  set_default(*map, other, std::move(dependency));
}

void implied_dependencies(Node& service) {
  for (const std::string_view key : {"network_mode", "ipc", "pid", "uts", "cgroup"}) {
    const Node* value = service.find(key);
    if (value != nullptr && value->is_scalar() && value->scalar.starts_with("service:")) {
      depend_on(service, value->scalar.substr(8), value->place, true);
    }
  }
  for (const auto& [key, restart] : {std::pair("links", true), std::pair("volumes_from", false)}) {
    const Node* value = service.find(key);
    if (value == nullptr || !value->is_list()) {
      continue;
    }
    const Node list = *value;
    for (const auto& item : list.items) {
      if (!item.text().starts_with("container:")) {
        depend_on(service, item.scalar.substr(0, item.scalar.find(':')), item.place, restart);
      }
    }
  }
}

void implied_network(Node& service) {
  const Node* networks = service.find("networks");
  const bool has_networks = networks != nullptr && !networks->is_null() && !networks->entries.empty();
  const Node* mode = service.find("network_mode");
  if (has_networks || (mode != nullptr && !mode->is_null()) || service.find("provider") != nullptr) {
    return;
  }
  Node map = map_value(service.place);
  Node nothing;
  nothing.place = service.place;
  set(map, "default", std::move(nothing));
  set(service, "networks", std::move(map));
}

bool uses_default_network(const Node& root) {
  for (const auto& service : root.find("services")->entries) {
    const Node* networks = service.value.find("networks");
    if (networks != nullptr && networks->find("default") != nullptr) {
      return true;
    }
  }
  return false;
}

void name_resources(Node& root, std::string_view top, const NormaliseContext& context) {
  Node* resources = root.find(top);
  if (resources == nullptr || !resources->is_map()) {
    return;
  }
  for (auto& entry : resources->entries) {
    if (entry.value.is_null()) {
      entry.value = map_value(entry.value.place);
    }
    if (!entry.value.is_map()) {
      document::refuse(entry.value.place,
                       fmt::format("'{}.{}' takes a map, found {}", top, entry.key, shown(entry.value.kind)));
    }
    Node* external = entry.value.find("external");
    if (external != nullptr && external->is_map()) {
      if (const Node* name = external->find("name")) {
        set_default(entry.value, "name", *name);
      }
      external = entry.value.find("external");
      *external = boolean_value(true, external->place);
    }
    const bool is_external = external != nullptr && external->boolean();
    set_default(entry.value, "name",
                text_value(is_external ? entry.key : fmt::format("{}_{}", context.project_name, entry.key),
                           entry.value.place));
    if (Node* file = entry.value.find("file"); file != nullptr && (top == "secrets" || top == "configs")) {
      *file = text_value(absolute_path(*file, context.base), file->place);
    }
  }
}

}  // namespace

void normalise(Node& root, const NormaliseContext& context) {
  for (auto& service : root.find("services")->entries) {
    resolve_environment(service.value, context);
    implied_dependencies(service.value);
    implied_network(service.value);
  }
  if (uses_default_network(root)) {
    set_default(root, "networks", map_value(root.place));
    if (root.find("networks")->is_null()) {
      set(root, "networks", map_value(root.place));
    }
    set_default(*root.find("networks"), "default", map_value(root.place));
  }
  for (const std::string_view top : {"networks", "volumes", "secrets", "configs"}) {
    name_resources(root, top, context);
  }
}

}  // namespace fresh::compose
