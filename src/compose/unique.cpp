#include "compose/unique.h"

#include "compose/tree.h"

#include <fmt/core.h>

#include <array>
#include <map>

namespace fresh::compose {
namespace {

using document::Node;

std::string field(const Node& node, std::string_view key, std::string fallback) {
  const Node* found = node.find(key);
  return found != nullptr && found->is_scalar() && !found->is_null() ? found->scalar : std::move(fallback);
}

using KeyOf = std::string (*)(const Node& item);

std::string by_value(const Node& item) {
  return item.scalar;
}

std::string by_name(const Node& item) {
  return item.scalar.substr(0, item.scalar.find('='));
}

std::string by_path(const Node& item) {
  return item.is_map() ? field(item, "path", "") : item.scalar;
}

/// `source:target[:mode]`, or a lone target.
std::string by_target(const Node& item) {
  if (item.is_map()) {
    return field(item, "target", "");
  }
  const std::string& text = item.scalar;
  const auto first = text.find(':');
  if (first == std::string::npos) {
    return text;
  }
  return text.substr(first + 1, text.find(':', first + 1) - first - 1);
}

std::string by_secret_target(const Node& item) {
  return item.is_map() ? field(item, "target", "/run/secrets/" + field(item, "source", ""))
                       : "/run/secrets/" + item.scalar;
}

std::string by_config_target(const Node& item) {
  return item.is_map() ? field(item, "target", "/" + field(item, "source", "")) : "/" + item.scalar;
}

std::string by_publication(const Node& item) {
  if (item.is_scalar()) {
    return item.scalar;
  }
  return fmt::format("{}:{}:{}/{}", field(item, "host_ip", "0.0.0.0"), field(item, "published", ""),
                     field(item, "target", ""), field(item, "protocol", "tcp"));
}

struct PathKey {
  std::string_view pattern;
  KeyOf key_of;
};

constexpr std::array keys{
    PathKey{"services.*.environment", by_name},
    PathKey{"services.*.labels", by_name},
    PathKey{"services.*.annotations", by_name},
    PathKey{"services.*.sysctls", by_name},
    PathKey{"services.*.build.args", by_name},
    PathKey{"services.*.build.labels", by_name},
    PathKey{"services.*.build.additional_contexts", by_name},
    PathKey{"services.*.deploy.labels", by_name},
    PathKey{"networks.*.labels", by_name},
    PathKey{"volumes.*.labels", by_name},
    PathKey{"services.*.tmpfs", by_value},
    PathKey{"services.*.dns", by_value},
    PathKey{"services.*.dns_opt", by_value},
    PathKey{"services.*.dns_search", by_value},
    PathKey{"services.*.expose", by_value},
    PathKey{"services.*.links", by_name},
    PathKey{"services.*.profiles", by_value},
    PathKey{"services.*.cap_add", by_value},
    PathKey{"services.*.cap_drop", by_value},
    PathKey{"services.*.build.tags", by_value},
    PathKey{"services.*.build.platforms", by_value},
    PathKey{"services.*.build.platform", by_value},
    PathKey{"services.*.networks.*.aliases", by_value},
    PathKey{"services.*.networks.*.link_local_ips", by_value},
    PathKey{"services.*.env_file", by_path},
    PathKey{"services.*.label_file", by_path},
    PathKey{"services.*.volumes", by_target},
    PathKey{"services.*.devices", by_target},
    PathKey{"services.*.secrets", by_secret_target},
    PathKey{"services.*.configs", by_config_target},
    PathKey{"services.*.ports", by_publication},
};

void keep_once(Node& list, KeyOf key_of) {
  std::map<std::string, std::size_t> first;
  std::vector<Node> kept;
  for (auto& item : list.items) {
    const auto [position, is_new] = first.emplace(key_of(item), kept.size());
    if (is_new) {
      kept.push_back(std::move(item));
    } else {
      kept[position->second] = std::move(item);
    }
  }
  list.items = std::move(kept);
}

void visit(TreePath& path, Node& node) {
  if (node.is_list()) {
    for (const auto& key : keys) {
      if (matches(path, key.pattern)) {
        keep_once(node, key.key_of);
      }
    }
  }
  for (auto& entry : node.entries) {
    path.push_back(entry.key);
    visit(path, entry.value);
    path.pop_back();
  }
}

}  // namespace

void make_unique(Node& root) {
  TreePath path;
  visit(path, root);
}

}  // namespace fresh::compose
