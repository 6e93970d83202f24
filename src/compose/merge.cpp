#include "compose/merge.h"

#include "compose/schema.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_map>

namespace fresh::compose {
namespace {

using document::Node;

constexpr std::size_t many_keys = 32;

/// Finds keys of a map; a large one is indexed.
class Index {
 public:
  explicit Index(const Node& map) : map_(map) {
    if (map.entries.size() > many_keys) {
      for (std::size_t i = 0; i < map.entries.size(); ++i) {
        positions_.emplace(map.entries[i].key, i);
      }
    }
  }

  std::optional<std::size_t> find(const std::string& key) const {
    if (!positions_.empty()) {
      const auto found = positions_.find(key);
      return found == positions_.end() ? std::nullopt : std::optional(found->second);
    }
    for (std::size_t i = 0; i < map_.entries.size(); ++i) {
      if (map_.entries[i].key == key) {
        return i;
      }
    }
    return std::nullopt;
  }

 private:
  const Node& map_;
  std::unordered_map<std::string, std::size_t> positions_;
};

class Merger {
 public:
  explicit Merger(TreePath path) : path_(std::move(path)) {}

  Node by_rule(Node base, Node over, const Key* key) {
    switch (key == nullptr ? Merge::deep : key->merge) {
      case Merge::deep:
        return deeply(std::move(base), std::move(over), key);
      case Merge::replace:
      case Merge::limit:
        return over;
      case Merge::key_values:
        return appended(key_value_list(base), key_value_list(over));
      case Merge::dependencies:
        return maps(named(base, true), named(over, true), key);
      case Merge::names:
        return maps(named(base, false), named(over, false), key);
      case Merge::build:
        return maps(long_build(std::move(base)), long_build(std::move(over)), key);
      case Merge::extra_hosts:
        return hosts(base, over);
      case Merge::logging:
        return logging(std::move(base), std::move(over), key);
      case Merge::subnets:
        return subnets(base, over, key);
    }
    return over;
  }

 private:
  Node deeply(Node base, Node over, const Key* key) {
    if (over.is_null()) {
      return base;
    }
    if (base.is_map() && over.is_map()) {
      return maps(std::move(base), std::move(over), key);
    }
    if (base.is_list() && over.is_list()) {
      return appended(std::move(base), std::move(over));
    }
    if (base.is_scalar()) {
      return over;
    }
    clash(base, over);
  }

  Node maps(Node base, Node over, const Key* key) {
    if (!base.is_map() || !over.is_map()) {
      if (base.is_null() || over.is_null()) {
        return over.is_null() ? std::move(base) : std::move(over);
      }
      clash(base, over);
    }
    const Index index(base);
    std::vector<document::Entry> added;
    for (auto& entry : over.entries) {
      const auto position = index.find(entry.key);
      if (!position) {
        added.push_back(std::move(entry));
        continue;
      }
      Node& there = base.entries[*position].value;
      if (entry.key.starts_with("x-")) {
        there = std::move(entry.value);
        continue;
      }
      path_.push_back(entry.key);
      there = by_rule(std::move(there), std::move(entry.value), child(key, entry.key));
      path_.pop_back();
    }
    std::move(added.begin(), added.end(), std::back_inserter(base.entries));
    return base;
  }

  [[noreturn]] void clash(const Node& base, const Node& over) const {
    document::refuse(over.place,
                     fmt::format("cannot override {}: it is {} in {}, and {} here", shown(path_),
                                 shown(base.kind), base.place.text(), shown(over.kind)),
                     "write both in the same form, or tag this one '!override'");
  }

  static Node appended(Node base, Node over) {
    std::move(over.items.begin(), over.items.end(), std::back_inserter(base.items));
    return base;
  }

  Node named(const Node& node, bool dependencies) const {
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
        document::refuse(item.place,
                         fmt::format("'{}' takes names, found {}", path_.back(), shown(item.kind)),
                         "write a list of names, or a map");
      }
      set(result, item.scalar, std::move(value));
    }
    return result;
  }

  static Node long_build(Node node) {
    if (!node.is_scalar() || node.is_null()) {
      return node;
    }
    Node result = map_value(node.place);
    set(result, "context", std::move(node));
    return result;
  }

  static Node hosts(const Node& base, const Node& over) {
    Node result = key_value_list(base);
    const std::size_t before = result.items.size();
    for (auto& item : key_value_list(over).items) {
      const auto end = result.items.begin() + static_cast<std::ptrdiff_t>(before);
      if (std::none_of(result.items.begin(), end,
                       [&](const Node& other) { return other.scalar == item.scalar; })) {
        result.items.push_back(std::move(item));
      }
    }
    return result;
  }

  Node logging(Node base, Node over, const Key* key) {
    const Node* mine = base.find("driver");
    const Node* theirs = over.find("driver");
    const bool same = mine == nullptr || theirs == nullptr || mine->scalar == theirs->scalar;
    return same ? maps(std::move(base), std::move(over), key) : over;
  }

  static std::string subnet_of(const Node& pool) {
    const Node* subnet = pool.find("subnet");
    return subnet == nullptr ? std::string() : subnet->scalar;
  }

  /// The reference compares each of the earlier pools with each of the later ones; the result's order
  /// follows.
  Node subnets(const Node& base, const Node& over, const Key* key) {
    if (!base.is_list() || !over.is_list()) {
      return deeply(base, over, key);
    }
    Node result = list_value(over.place);
    const auto there = [&](const std::string& subnet) {
      return std::find_if(result.items.begin(), result.items.end(),
                          [&](const Node& pool) { return subnet_of(pool) == subnet; });
    };
    for (const auto& mine : base.items) {
      for (const auto& theirs : over.items) {
        if (subnet_of(mine) != subnet_of(theirs) && there(subnet_of(theirs)) == result.items.end()) {
          result.items.push_back(theirs);
          continue;
        }
        Node merged = maps(mine, theirs, item_of(key));
        if (const auto same = there(subnet_of(merged)); same != result.items.end()) {
          *same = std::move(merged);
        } else {
          result.items.push_back(std::move(merged));
        }
      }
    }
    return result;
  }

  TreePath path_;
};

}  // namespace

Node merge(Node base, Node over) {
  return Merger({}).by_rule(std::move(base), std::move(over), &compose_file);
}

Node merge_service(Node base, Node over, const std::string& name) {
  return Merger({"services", name}).by_rule(std::move(base), std::move(over), &service_key);
}

}  // namespace fresh::compose
