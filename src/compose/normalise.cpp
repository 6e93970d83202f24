#include "compose/normalise.h"

#include "compose/mounts.h"
#include "compose/tree.h"

#include <fmt/core.h>

namespace fresh::compose {
namespace {

using document::Node;

/// Gives `KEY` without a value that of the environment; without one it stays, or goes.
void resolve_values(Node& values, const Lookup& lookup, bool keep) {
  for (auto& entry : values.entries) {
    if (entry.value.is_null()) {
      if (auto value = lookup(entry.key)) {
        entry.value = text_value(*std::move(value), entry.value.place);
      }
    }
  }
  for (auto& item : values.items) {
    if (item.is_scalar() && item.scalar.find('=') == std::string::npos) {
      if (const auto value = lookup(item.scalar)) {
        item.scalar += "=" + *value;
      }
    }
  }
  if (!keep) {
    std::erase_if(values.entries, [](const document::Entry& entry) { return entry.value.is_null(); });
    std::erase_if(values.items, [](const Node& item) { return item.scalar.find('=') == std::string::npos; });
  }
}

void written_defaults(Node& service, const Lookup& lookup) {
  if (Node* policy = service.find("pull_policy"); policy != nullptr && policy->scalar == "if_not_present") {
    policy->scalar = "missing";
  }
  if (Node* environment = service.find("environment")) {
    resolve_values(*environment, lookup, true);
  }
  if (Node* build = service.find("build"); build != nullptr && build->is_map()) {
    const bool has_inline = build->find("dockerfile_inline") != nullptr;
    if (!has_inline) {
      set_default(*build, "dockerfile", text_value("Dockerfile", build->place));
    }
    if (Node* arguments = build->find("args")) {
      resolve_values(*arguments, lookup, false);
    }
  }
  if (Node* mounts = service.find("volumes"); mounts != nullptr && mounts->is_list()) {
    for (auto& mount : mounts->items) {
      if (Node* target = mount.find("target")) {
        target->scalar = clean_path(target->scalar);
      }
    }
  }
}

// `place` by value: what the caller names may lie in the tree that grows here.
// NOLINTNEXTLINE(performance-unnecessary-value-param)
void depend_on(Node& service, const std::string& other, document::Place place, bool restart) {
  set_default(service, "depends_on", map_value(place));
  Node dependency = map_value(place);
  set(dependency, "condition", text_value("service_started", place));
  set(dependency, "required", boolean_value(true, place));
  set(dependency, "restart", boolean_value(restart, place));
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
      const auto colon = item.scalar.find(':');
      // A link of three parts is taken whole, as docker compose does.
      const bool is_whole =
          restart && item.scalar.find(':', colon + 1) != std::string::npos && colon != std::string::npos;
      if (restart || !item.scalar.starts_with("container:")) {
        depend_on(service, is_whole ? item.scalar : item.scalar.substr(0, colon), item.place, restart);
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

void name_resources(Node& root, std::string_view top, const NormaliseContext& context) {
  Node* resources = root.find(top);
  if (resources == nullptr || !resources->is_map()) {
    return;
  }
  for (auto& entry : resources->entries) {
    if (entry.value.is_null()) {
      entry.value = map_value(entry.value.place);
    }
    const Node* external = entry.value.find("external");
    const bool is_external = external != nullptr && external->scalar == "true";
    set_default(entry.value, "name",
                text_value(is_external ? entry.key : fmt::format("{}_{}", context.project_name, entry.key),
                           entry.value.place));
  }
}

}  // namespace

void normalise(Node& root, const NormaliseContext& context) {
  Node* services = root.find("services");
  bool uses_default = false;
  if (services != nullptr) {
    for (auto& service : services->entries) {
      written_defaults(service.value, context.lookup);
      implied_dependencies(service.value);
      implied_network(service.value);
      const Node* networks = service.value.find("networks");
      uses_default = uses_default || (service.value.find("network_mode") == nullptr && networks != nullptr &&
                                      networks->find("default") != nullptr);
    }
  }
  if (uses_default) {
    set_default(root, "networks", map_value(root.place));
    set_default(*root.find("networks"), "default", map_value(root.place));
  }
  for (const std::string_view top : {"networks", "volumes", "secrets", "configs"}) {
    name_resources(root, top, context);
  }
  set(root, "name", text_value(context.project_name, root.place));
}

}  // namespace fresh::compose
