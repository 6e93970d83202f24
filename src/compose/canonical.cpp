#include "compose/canonical.h"

#include "compose/mounts.h"
#include "compose/ports.h"
#include "compose/shell_words.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace fresh::compose {
namespace {

using document::Kind;
using document::Node;

void words(Node& service, std::string_view key) {
  Node* value = service.find(key);
  if (value == nullptr || !value->is_scalar() || value->is_null()) {
    return;
  }
  const auto split = split_words(value->scalar);
  if (!split) {
    document::refuse(value->place, fmt::format("'{}' has a quote that is not closed", key));
  }
  Node list = list_value(value->place);
  for (const auto& word : *split) {
    list.items.push_back(text_value(word, value->place));
  }
  *value = std::move(list);
}

void listed(Node& map, std::string_view key) {
  Node* value = map.find(key);
  if (value == nullptr || !value->is_scalar() || value->is_null()) {
    return;
  }
  Node list = list_value(value->place);
  list.items.push_back(*value);
  *value = std::move(list);
}

void mapped(Node& map, std::string_view key) {
  if (Node* value = map.find(key); value != nullptr && !value->is_null()) {
    *value = key_value_map(*value, std::string(key));
  }
}

void in_map(Node& node, std::string_view key, void (*change)(Node&)) {
  if (Node* value = node.find(key); value != nullptr && value->is_map()) {
    change(*value);
  }
}

Node& need_list(Node& value, std::string_view key) {
  if (!value.is_list()) {
    document::refuse(value.place, fmt::format("'{}' takes a list, found {}", key, shown(value.kind)));
  }
  return value;
}

void ports(Node& service) {
  Node* value = service.find("ports");
  if (value == nullptr || value->is_null()) {
    return;
  }
  Node expanded = list_value(value->place);
  for (const auto& entry : need_list(*value, "ports").items) {
    for (auto& port : canonical_ports(entry)) {
      expanded.items.push_back(std::move(port));
    }
  }
  *value = std::move(expanded);
}

void mounts(Node& service, const PathBase& base) {
  Node* value = service.find("volumes");
  if (value == nullptr || value->is_null()) {
    return;
  }
  for (auto& entry : need_list(*value, "volumes").items) {
    entry = canonical_mount(entry, base);
  }
}

void networks(Node& service) {
  Node* value = service.find("networks");
  if (value == nullptr || !value->is_list()) {
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
  Node* value = service.find("depends_on");
  if (value == nullptr || value->is_null()) {
    return;
  }
  Node map = map_value(value->place);
  for (const auto& item : value->items) {
    set(map, item.text(), map_value(item.place));
  }
  for (const auto& entry : value->entries) {
    set(map, entry.key, entry.value.is_null() ? map_value(entry.value.place) : entry.value);
    map.entries.back().key_place = entry.key_place;
  }
  if (value->is_scalar()) {
    document::refuse(value->place, "'depends_on' takes a list of services or a map, found text");
  }
  for (auto& entry : map.entries) {
    set_default(entry.value, "condition", text_value("service_started", entry.value.place));
    set_default(entry.value, "required", boolean_value(true, entry.value.place));
  }
  *value = std::move(map);
}

void grants(Node& service, std::string_view key, std::string_view folder) {
  Node* value = service.find(key);
  if (value == nullptr || value->is_null()) {
    return;
  }
  for (auto& item : need_list(*value, key).items) {
    if (item.is_scalar()) {
      Node map = map_value(item.place);
      set(map, "source", text_value(item.text(), item.place));
      item = std::move(map);
    }
    const Node* source = item.find("source");
    if (source == nullptr) {
      document::refuse(item.place, fmt::format("this entry of '{}' has no 'source'", key));
    }
    const Node* target = item.find("target");
    std::string path = target == nullptr ? source->text() : target->text();
    if (!path.starts_with('/')) {
      path = std::string(folder) + path;
    }
    set(item, "target", text_value(std::move(path), item.place));
  }
}

void env_files(Node& service, const PathBase& base) {
  listed(service, "env_file");
  Node* value = service.find("env_file");
  if (value == nullptr || value->is_null()) {
    return;
  }
  for (auto& item : need_list(*value, "env_file").items) {
    if (item.is_scalar()) {
      Node map = map_value(item.place);
      set(map, "path", item);
      item = std::move(map);
    }
    if (Node* path = item.find("path")) {
      *path = text_value(absolute_path(*path, base), path->place);
    } else {
      document::refuse(item.place, "this entry of 'env_file' has no 'path'");
    }
    set_default(item, "required", boolean_value(true, item.place));
  }
}

void build(Node& service, const PathBase& base) {
  Node* value = service.find("build");
  if (value == nullptr || value->is_null()) {
    return;
  }
  if (value->is_scalar()) {
    Node map = map_value(value->place);
    set(map, "context", *value);
    *value = std::move(map);
  }
  set_default(*value, "context", text_value(".", value->place));
  Node& context = *value->find("context");
  const bool remote = context.text().find("://") != std::string::npos || context.text().starts_with("git@");
  if (!remote) {
    context = text_value(absolute_path(context, base), context.place);
  }
  if (value->find("dockerfile_inline") == nullptr) {
    set_default(*value, "dockerfile", text_value("Dockerfile", value->place));
  }
  mapped(*value, "args");
  mapped(*value, "labels");
}

void healthcheck(Node& check) {
  Node* test = check.find("test");
  if (test == nullptr || test->is_null()) {
    return;
  }
  if (test->is_scalar()) {
    Node list = list_value(test->place);
    list.items = {text_value("CMD-SHELL", test->place), *test};
    *test = std::move(list);
  }
  const bool known = test->is_list() && !test->items.empty() &&
                     (test->items[0].scalar == "NONE" || test->items[0].scalar == "CMD" ||
                      test->items[0].scalar == "CMD-SHELL");
  if (!known) {
    document::refuse(test->place, "a healthcheck's 'test' must begin with CMD, CMD-SHELL or NONE");
  }
}

void extra_hosts(Node& service) {
  Node* value = service.find("extra_hosts");
  if (value == nullptr || value->is_null()) {
    return;
  }
  *value = key_value_list(*value, "extra_hosts");
  for (auto& item : value->items) {
    const auto equals = item.text().find_first_of("=:");
    if (equals == std::string::npos) {
      document::refuse(item.place, fmt::format("'{}' is no host entry", item.scalar), "write name=address");
    }
    item.scalar[equals] = '=';
  }
}

void canonical_service(Node& service, const PathBase& base) {
  words(service, "command");
  words(service, "entrypoint");
  for (const std::string_view key : {"environment", "labels", "annotations", "sysctls"}) {
    mapped(service, key);
  }
  for (const std::string_view key : {"dns", "dns_search", "dns_opt", "tmpfs", "label_file"}) {
    listed(service, key);
  }
  in_map(service, "deploy", [](Node& deploy) { mapped(deploy, "labels"); });
  in_map(service, "healthcheck", healthcheck);
  ports(service);
  mounts(service, base);
  networks(service);
  dependencies(service);
  grants(service, "secrets", "/run/secrets/");
  grants(service, "configs", "/");
  env_files(service, base);
  build(service, base);
  extra_hosts(service);
}

// Scalars that are no text in the specification: interpolated or quoted ones are read anew (reference 1.5,
// typed casts).
constexpr std::array typed_paths{std::string_view("services.*.init"),
                                 std::string_view("services.*.privileged"),
                                 std::string_view("services.*.read_only"),
                                 std::string_view("services.*.tty"),
                                 std::string_view("services.*.stdin_open"),
                                 std::string_view("services.*.scale"),
                                 std::string_view("services.*.cpus"),
                                 std::string_view("services.*.cpu_shares"),
                                 std::string_view("services.*.pids_limit"),
                                 std::string_view("services.*.ulimits.*"),
                                 std::string_view("services.*.ulimits.*.soft"),
                                 std::string_view("services.*.ulimits.*.hard"),
                                 std::string_view("services.*.healthcheck.retries"),
                                 std::string_view("services.*.healthcheck.disable"),
                                 std::string_view("services.*.deploy.replicas"),
                                 std::string_view("services.*.deploy.resources.limits.pids"),
                                 std::string_view("services.*.deploy.restart_policy.max_attempts"),
                                 std::string_view("services.*.depends_on.*.required"),
                                 std::string_view("services.*.depends_on.*.restart"),
                                 std::string_view("services.*.ports.target"),
                                 std::string_view("services.*.volumes.read_only"),
                                 std::string_view("services.*.volumes.bind.create_host_path"),
                                 std::string_view("services.*.volumes.volume.nocopy"),
                                 std::string_view("services.*.env_file.required"),
                                 std::string_view("services.*.networks.*.priority"),
                                 std::string_view("services.*.secrets.mode"),
                                 std::string_view("services.*.configs.mode"),
                                 std::string_view("networks.*.external"),
                                 std::string_view("networks.*.internal"),
                                 std::string_view("networks.*.attachable"),
                                 std::string_view("networks.*.enable_ipv6"),
                                 std::string_view("networks.*.enable_ipv4"),
                                 std::string_view("volumes.*.external"),
                                 std::string_view("secrets.*.external"),
                                 std::string_view("configs.*.external")};

std::string plain_boolean(const std::string& text) {
  if (text == "yes" || text == "y" || text == "on") {
    return "true";
  }
  return text == "no" || text == "n" || text == "off" ? "false" : text;
}

void cast(TreePath& path, Node& node) {
  if (node.kind == Kind::text && std::any_of(typed_paths.begin(), typed_paths.end(),
                                             [&](auto pattern) { return matches(path, pattern); })) {
    Node typed = document::text_node(plain_boolean(node.scalar), node.place);
    node = typed.is_null() ? node : std::move(typed);
  }
  for (auto& item : node.items) {
    cast(path, item);
  }
  for (auto& entry : node.entries) {
    path.push_back(entry.key);
    cast(path, entry.value);
    path.pop_back();
  }
}

}  // namespace

void make_canonical(Node& root, const PathBase& base) {
  if (Node* services = root.find("services"); services != nullptr && services->is_map()) {
    for (auto& entry : services->entries) {
      if (!entry.value.is_map()) {
        document::refuse(entry.value.place, fmt::format("the service '{}' must be a map, found {}", entry.key,
                                                        shown(entry.value.kind)));
      }
      canonical_service(entry.value, base);
    }
  }
  for (const std::string_view top : {"networks", "volumes"}) {
    if (Node* resources = root.find(top); resources != nullptr && resources->is_map()) {
      for (auto& entry : resources->entries) {
        mapped(entry.value, "labels");
      }
    }
  }
  TreePath path;
  cast(path, root);
}

}  // namespace fresh::compose
