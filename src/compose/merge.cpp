#include "compose/merge.h"

#include "compose/tree.h"
#include "compose/unique.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace fresh::compose {
namespace {

using document::Entry;
using document::Node;

enum class Rule { replace, key_values, dependencies, names, build, extra_hosts, logging, subnets };

struct PathRule {
  std::string_view pattern;
  Rule rule;
};

// Compose specification 13 and the merge rules of the reference implementation, one line a path.
constexpr std::array rules{
    PathRule{"services.*.command", Rule::replace},
    PathRule{"services.*.entrypoint", Rule::replace},
    PathRule{"services.*.healthcheck.test", Rule::replace},
    PathRule{"services.*.ulimits.*", Rule::replace},
    PathRule{"models.*.runtime_flags", Rule::replace},
    PathRule{"services.*.environment", Rule::key_values},
    PathRule{"services.*.labels", Rule::key_values},
    PathRule{"services.*.annotations", Rule::key_values},
    PathRule{"services.*.sysctls", Rule::key_values},
    PathRule{"services.*.tmpfs", Rule::key_values},
    PathRule{"services.*.dns", Rule::key_values},
    PathRule{"services.*.dns_opt", Rule::key_values},
    PathRule{"services.*.dns_search", Rule::key_values},
    PathRule{"services.*.env_file", Rule::key_values},
    PathRule{"services.*.label_file", Rule::key_values},
    PathRule{"services.*.build.args", Rule::key_values},
    PathRule{"services.*.build.labels", Rule::key_values},
    PathRule{"services.*.build.additional_contexts", Rule::key_values},
    PathRule{"services.*.deploy.labels", Rule::key_values},
    PathRule{"services.*.volumes.*.volume.labels", Rule::key_values},
    PathRule{"networks.*.labels", Rule::key_values},
    PathRule{"volumes.*.labels", Rule::key_values},
    PathRule{"services.*.depends_on", Rule::dependencies},
    PathRule{"services.*.networks", Rule::names},
    PathRule{"services.*.models", Rule::names},
    PathRule{"services.*.build", Rule::build},
    PathRule{"services.*.extra_hosts", Rule::extra_hosts},
    PathRule{"services.*.build.extra_hosts", Rule::extra_hosts},
    PathRule{"services.*.logging", Rule::logging},
    PathRule{"networks.*.ipam.config", Rule::subnets},
};

const PathRule* rule_of(const TreePath& path) {
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [&](const PathRule& rule) { return matches(path, rule.pattern); });
  return found == rules.end() ? nullptr : found;
}

Node merge_at(TreePath& path, Node base, const Node& over);

Node merge_maps(TreePath& path, Node base, const Node& over) {
  for (const auto& entry : over.entries) {
    if (entry.value.tag == "!reset") {
      erase(base, entry.key);
      continue;
    }
    Node* there = base.find(entry.key);
    if (there == nullptr || entry.value.tag == "!override") {
      set(base, entry.key, entry.value);
      continue;
    }
    path.push_back(entry.key);
    *there = merge_at(path, std::move(*there), entry.value);
    path.pop_back();
  }
  return base;
}

Node appended(Node base, const Node& over) {
  base.items.insert(base.items.end(), over.items.begin(), over.items.end());
  return base;
}

Node plain_merge(TreePath& path, Node base, const Node& over) {
  if (over.is_null()) {
    return base;
  }
  if (base.is_null()) {
    return over;
  }
  if (base.is_map() && over.is_map()) {
    return merge_maps(path, std::move(base), over);
  }
  if (base.is_list() && over.is_list()) {
    return appended(std::move(base), over);
  }
  if (base.is_scalar() && over.is_scalar()) {
    return over;
  }
  document::refuse(over.place, fmt::format("cannot override {}: it is {} in {}, and {} here", shown(path),
                                           shown(base.kind), base.place.text(), shown(over.kind)));
}

Node names_as_map(const Node& node, const std::string& what, bool dependencies) {
  if (!node.is_list()) {
    return node;
  }
  Node result = map_value(node.place);
  for (const auto& item : node.items) {
    Node value;
    value.place = item.place;
    if (dependencies) {
      value = map_value(item.place);
      set(value, "condition", text_value("service_started", item.place));
      set(value, "required", boolean_value(true, item.place));
    }
    if (!item.is_scalar()) {
      document::refuse(item.place, fmt::format("'{}' takes names, found {}", what, shown(item.kind)));
    }
    set(result, item.scalar, std::move(value));
  }
  return result;
}

Node merge_build(TreePath& path, Node base, const Node& over) {
  const auto long_form = [](const Node& node) {
    if (!node.is_scalar() || node.is_null()) {
      return node;
    }
    Node result = map_value(node.place);
    set(result, "context", node);
    return result;
  };
  return plain_merge(path, long_form(base), long_form(over));
}

Node merge_extra_hosts(Node base, const Node& over) {
  Node result = key_value_list(base, "extra_hosts");
  for (const auto& item : key_value_list(over, "extra_hosts").items) {
    const bool there = std::any_of(result.items.begin(), result.items.end(),
                                   [&](const Node& other) { return other.scalar == item.scalar; });
    if (!there) {
      result.items.push_back(item);
    }
  }
  return result;
}

Node merge_logging(TreePath& path, Node base, const Node& over) {
  const Node* mine = base.find("driver");
  const Node* theirs = over.find("driver");
  const bool same = mine == nullptr || theirs == nullptr || mine->scalar == theirs->scalar;
  return same ? plain_merge(path, std::move(base), over) : over;
}

Node merge_subnets(TreePath& path, Node base, const Node& over) {
  if (!base.is_list() || !over.is_list()) {
    return plain_merge(path, std::move(base), over);
  }
  for (const auto& item : over.items) {
    const Node* subnet = item.find("subnet");
    const auto same = std::find_if(base.items.begin(), base.items.end(), [&](const Node& other) {
      const Node* its = other.find("subnet");
      return subnet != nullptr && its != nullptr && its->scalar == subnet->scalar;
    });
    if (same == base.items.end()) {
      base.items.push_back(item);
    } else {
      *same = plain_merge(path, std::move(*same), item);
    }
  }
  return base;
}

Node merge_at(TreePath& path, Node base, const Node& over) {
  const PathRule* found = rule_of(path);
  if (found == nullptr) {
    return plain_merge(path, std::move(base), over);
  }
  switch (found->rule) {
    case Rule::replace:
      return over;
    case Rule::key_values:
      return appended(key_value_list(base, path.back()), key_value_list(over, path.back()));
    case Rule::dependencies:
      return plain_merge(path, names_as_map(base, path.back(), true), names_as_map(over, path.back(), true));
    case Rule::names:
      return plain_merge(path, names_as_map(base, path.back(), false),
                         names_as_map(over, path.back(), false));
    case Rule::build:
      return merge_build(path, std::move(base), over);
    case Rule::extra_hosts:
      return merge_extra_hosts(std::move(base), over);
    case Rule::logging:
      return merge_logging(path, std::move(base), over);
    case Rule::subnets:
      return merge_subnets(path, std::move(base), over);
  }
  return over;
}

void carry_out_tags(Node& node) {
  std::erase_if(node.entries, [](const Entry& entry) { return entry.value.tag == "!reset"; });
  std::erase_if(node.items, [](const Node& item) { return item.tag == "!reset"; });
  for (auto& entry : node.entries) {
    carry_out_tags(entry.value);
  }
  for (auto& item : node.items) {
    carry_out_tags(item);
  }
  if (!node.tag.empty() && node.tag != "!override") {
    document::refuse(node.place, fmt::format("unknown tag '{}'", node.tag),
                     "compose knows !reset and !override");
  }
  node.tag.clear();
}

}  // namespace

Node merge(Node base, const Node& over) {
  TreePath path;
  return merged_alone(plain_merge(path, std::move(base), over));
}

Node merged_alone(Node file) {
  carry_out_tags(file);
  make_unique(file);
  return file;
}

}  // namespace fresh::compose
