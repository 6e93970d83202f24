#include "compose/unique.h"

#include "compose/mounts.h"
#include "compose/schema.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <unordered_map>

namespace fresh::compose {
namespace {

using document::Node;

std::string field(const Node& node, std::string_view key, const std::string& fallback) {
  const Node* found = node.find(key);
  return found != nullptr && found->is_scalar() && !found->is_null() ? found->scalar : fallback;
}

std::string by_name(const Node& item) {
  return item.scalar.substr(0, item.scalar.find('='));
}

std::string need_target(const Node& item, std::string_view what) {
  if (item.find("target") == nullptr) {
    document::refuse(item.place, fmt::format("this {} has no 'target'", what),
                     what == "port" ? "add 'target:', the port in the container"
                                    : "add 'target:', the path in the container");
  }
  return field(item, "target", "");
}

std::string by_device(const Node& item) {
  if (item.is_map()) {
    return need_target(item, "device");
  }
  const auto first = item.scalar.find(':');
  return first == std::string::npos
             ? item.scalar
             : item.scalar.substr(first + 1, item.scalar.find(':', first + 1) - first - 1);
}

std::string by_grant(const Node& item, std::string_view folder) {
  return item.is_map() ? field(item, "target", fmt::format("{}/{}", folder, field(item, "source", "")))
                       : fmt::format("{}/{}", folder, item.scalar);
}

std::string by_port(const Node& item) {
  if (item.is_scalar()) {
    return item.scalar;
  }
  // As docker compose 2.26 compares them: a published number is not the same text.
  const Node* published = item.find("published");
  const bool is_number = published != nullptr && published->kind == document::Kind::integer;
  return fmt::format("{}:{}{}:{}/{}", field(item, "host_ip", "0.0.0.0"), is_number ? "#" : "",
                     field(item, "published", ""), need_target(item, "port"), field(item, "protocol", "tcp"));
}

std::string key_of(const Node& item, Unique unique) {
  switch (unique) {
    case Unique::name:
      return by_name(item);
    case Unique::volume:
      return item.is_map() ? need_target(item, "volume") : mount_target(item);
    case Unique::device:
      return by_device(item);
    case Unique::config:
      return by_grant(item, "");
    case Unique::secret:
      return by_grant(item, "/run/secrets");
    case Unique::port:
      return by_port(item);
    case Unique::path:
      return item.is_map() ? field(item, "path", "") : item.scalar;
    case Unique::expose:
    case Unique::none:
      return item.scalar;
  }
  return {};
}

void keep_once(Node& list, Unique unique) {
  if (list.items.size() < 2) {
    for (const auto& item : list.items) {
      key_of(item, unique);  // refuses what has no key
    }
    return;
  }
  std::unordered_map<std::string, std::size_t> first;
  std::size_t kept = 0;
  for (auto& item : list.items) {
    const auto [position, is_new] = first.emplace(key_of(item, unique), kept);
    Node& place = list.items[position->second];
    if (&place != &item) {
      place = std::move(item);
    }
    kept += is_new ? 1 : 0;
  }
  list.items.resize(kept);
}

void visit(Node& node, const Key* key) {
  if (key == nullptr) {
    return;
  }
  if (node.is_list() && key->unique != Unique::none) {
    keep_once(node, key->unique);
  }
  for (auto& entry : node.entries) {
    visit(entry.value, child(key, entry.key));
  }
}

}  // namespace

void make_unique(Node& root) {
  visit(root, &compose_file);
}

}  // namespace fresh::compose
