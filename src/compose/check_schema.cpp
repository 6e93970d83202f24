#include "compose/check_schema.h"

#include "compose/schema.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

namespace fresh::compose {
namespace {

using document::Kind;
using document::Node;
using document::Place;

unsigned bit(const Node& node) {
  switch (node.kind) {
    case Kind::null:
      return kinds::null;
    case Kind::boolean:
      return kinds::boolean;
    case Kind::integer:
      return kinds::integer;
    case Kind::real:  // 3.0 is a whole number to JSON, and so to the specification's schema
      return node.scalar.find_first_not_of("0123456789-") == std::string::npos ? kinds::integer : kinds::real;
    case Kind::text:
      return kinds::text;
    case Kind::time:
      return kinds::time;
    case Kind::list:
      return kinds::list;
    case Kind::map:
      return kinds::map;
  }
  return 0;
}

/// `text or a list`.
std::string shown(unsigned accepted) {
  std::vector<std::string_view> words;
  const auto add = [&](unsigned bits, std::string_view word) {
    if ((accepted & bits) != 0) {
      words.push_back(word);
    }
  };
  add(kinds::text, "text");
  add(kinds::boolean, "true or false");
  if ((accepted & kinds::real) != 0) {
    words.push_back("a number");
  } else {
    add(kinds::integer, "a whole number");
  }
  add(kinds::list, "a list");
  add(kinds::map, "a map");
  if (words.size() == 1) {
    return std::string(words[0]);
  }
  const std::string_view last = words.back();
  words.pop_back();
  return fmt::format("{} or {}", fmt::join(words, ", "), last);
}

bool is_usual_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

class Check {
 public:
  void visit(const Node& node, const Key& key) {
    // docker compose reads `1e3` as a number of the other kind where it wants text or a whole number alone.
    const bool is_exact =
        key.form == Form::text || key.form == Form::device_count || key.form == Form::object;
    check_kind(node, key.accepts, is_exact && node.kind == Kind::real ? kinds::real : bit(node), &key);
    if (node.is_scalar()) {
      check_scalar(node, key);
    } else if (node.is_list()) {
      check_list(node, key);
    } else if (key.object != nullptr) {
      check_object(node, key);
    } else if (key.form == Form::map) {
      check_names(node, key);
    } else if (key.form == Form::hosts) {
      check_hosts(node);
    } else if (key.values != 0) {
      for (const auto& entry : node.entries) {
        // docker compose puts a date there as Go prints it.
        const unsigned dates = (key.values & kinds::real) != 0 ? kinds::time : 0;
        below(entry.key, [&] { check_kind(entry.value, key.values | dates); });
      }
    }
  }

 private:
  template <typename Act>
  void below(const std::string& part, Act act) {
    path_.push_back(part);
    act();
    path_.pop_back();
  }

  std::string where() const { return path_.empty() ? "a compose file" : "'" + compose::shown(path_) + "'"; }

  void check_kind(const Node& node, unsigned accepted) const { check_kind(node, accepted, bit(node)); }

  void check_kind(const Node& node, unsigned accepted, unsigned found, const Key* key = nullptr) const {
    if ((accepted & found) != 0) {
      return;
    }
    const bool unquoted =
        (accepted & kinds::text) != 0 && (found & (kinds::boolean | kinds::number | kinds::time)) != 0;
    document::refuse(node.place,
                     fmt::format("{} takes {}, found {}", where(), shown(accepted), shown_node(node)),
                     unquoted         ? quotes_hint(node, key)
                     : node.is_null() ? "give it a value, or remove the key"
                                      : shape_hint(node, accepted, key));
  }

  static std::string quotes_hint(const Node& node, const Key* key) {
    const Form form = key == nullptr ? Form::any : key->form;
    if (form == Form::duration || form == Form::maybe_duration) {
      return "write it with its unit, like 10s or 1m30s";
    }
    return form == Form::size ? "write it with its unit, like 512m or 2g" : document::quotes_hint(node.place);
  }

  /// What is expected, in the form in which it can be written.
  static std::string shape_hint(const Node& node, unsigned accepted, const Key* key) {
    constexpr std::size_t longest = 40;
    const bool is_short_text = node.kind == Kind::text && node.scalar.size() < longest &&
                               node.scalar.find_first_of("\"\\\n\t$") == std::string::npos;
    if (is_short_text && (accepted & kinds::list) != 0) {
      return fmt::format("write a list: [\"{}\"]", node.scalar);
    }
    const bool is_item = key != nullptr && key->item != nullptr && (key->item->accepts & kinds::map) != 0;
    if (node.is_map() && is_item && (accepted & kinds::list) != 0) {
      return "put '- ' before it: it is an item of a list";
    }
    if ((accepted & ~kinds::null) == kinds::list) {
      return "write a list here: each item begins with '- '";
    }
    return (accepted & kinds::map) == 0 ? fmt::format("write {} here", shown(accepted))
                                        : map_hint(node, accepted, key);
  }

  static std::string map_hint(const Node& node, unsigned accepted, const Key* key) {
    const auto colon = node.scalar.find(':');
    if (node.kind == Kind::text && colon != 0 && colon < node.scalar.size() - 1 &&
        node.scalar.find_first_of(" /\n") == std::string::npos) {
      return fmt::format("a ':' needs a blank behind it: '{}: {}'", node.scalar.substr(0, colon),
                         node.scalar.substr(colon + 1));
    }
    constexpr std::size_t few = 8;
    if (key != nullptr && key->object != nullptr && key->object->keys.size() <= few) {
      return fmt::format("write 'key: value' lines below it; keys: {}",
                         fmt::join(names_of(*key->object), ", "));
    }
    return (accepted & ~kinds::null) == kinds::map ? "write 'key: value' lines below it"
                                                   : fmt::format("write {} here", shown(accepted));
  }

  static std::vector<std::string> names_of(const Object& object) {
    std::vector<std::string> names;
    for (const auto& key : object.keys) {
      if (key.accepts != 0) {
        names.emplace_back(key.name);
      }
    }
    return names;
  }

  static std::string shown_node(const Node& node) {
    return node.is_scalar() && !node.is_null() && node.scalar.size() < 40
               ? fmt::format("{} ({})", document::shown(node.kind), node.scalar)
               : std::string(document::shown(node.kind));
  }

  /// `every_12h`: pulled again when the image is older.
  static bool is_interval(std::string_view policy) {
    return policy.starts_with("every_") && policy.size() > 7 && policy[6] >= '0' && policy[6] <= '9' &&
           policy.find_first_not_of("0123456789wdhms", 6) == std::string_view::npos;
  }

  void check_scalar(const Node& node, const Key& key) const {
    if (key.name == "pull_policy" && is_interval(node.scalar)) {
      return;
    }
    if (!key.words.empty() && std::find(key.words.begin(), key.words.end(), node.scalar) == key.words.end()) {
      document::refuse(node.place, fmt::format("{} cannot be '{}'", where(), node.scalar),
                       document::nearest_hint(node.scalar, {key.words.begin(), key.words.end()},
                                              fmt::format("write one of {}", fmt::join(key.words, ", "))));
    }
    if (key.high > key.low && (node.kind == Kind::integer || node.kind == Kind::real)) {
      const double value = node.kind == Kind::integer ? static_cast<double>(node.integer()) : node.real();
      if (value < static_cast<double>(key.low) || value > static_cast<double>(key.high)) {
        const bool open = key.high == std::numeric_limits<std::int64_t>::max() && value < 0;
        document::refuse(
            node.place,
            open ? fmt::format("{} cannot be negative, found {}", where(), node.scalar)
                 : fmt::format("{} must be {} to {}, found {}", where(), key.low, key.high, node.scalar),
            open ? "write 0 or more" : fmt::format("write a number from {} to {}", key.low, key.high));
      }
    }
  }

  void check_list(const Node& node, const Key& key) {
    static const Key text{.form = Form::text, .accepts = kinds::text};
    const Key& item_key = key.item != nullptr && key.form == Form::list ? *key.item : text;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      below(std::to_string(i), [&] { visit(node.items[i], item_key); });
    }
    if (key.no_twice) {
      check_no_twice(node);
    }
  }

  void check_no_twice(const Node& list) const {
    std::unordered_map<std::string_view, const Node*> scalars;
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      const Node& item = list.items[i];
      const Node* other = nullptr;
      if (item.is_scalar()) {
        const auto [known, is_new] = scalars.emplace(item.scalar, &item);
        other = is_new || known->second->kind != item.kind ? nullptr : known->second;
      } else {
        const auto end = list.items.begin() + static_cast<std::ptrdiff_t>(i);
        const auto same =
            std::find_if(list.items.begin(), end, [&](const Node& one) { return same_tree(one, item); });
        other = same == end ? nullptr : &*same;
      }
      if (other != nullptr) {
        document::refuse(item.place,
                         fmt::format("{} has this item twice, first in line {}", where(), other->place.line),
                         "remove one of the two");
      }
    }
  }

  void check_object(const Node& node, const Key& key) {
    for (const auto name : key.object->required) {
      if (node.find(name) == nullptr) {
        document::refuse(node.place, fmt::format("{} needs '{}'", where(), name),
                         fmt::format("add '{}:' here", name));
      }
    }
    for (const auto& entry : node.entries) {
      if (key.object->extensions && entry.key.starts_with("x-")) {
        continue;
      }
      const Key* known = child(&key, entry.key);
      if (known == nullptr || known->accepts == 0) {
        refuse_unknown(entry, *key.object);
      }
      below(entry.key, [&] { visit(entry.value, *known); });
    }
  }

  [[noreturn]] void refuse_unknown(const document::Entry& entry, const Object& object) const {
    const std::vector<std::string> known = names_of(object);
    const std::string near = document::nearest(entry.key, known);
    constexpr std::size_t few = 12;
    std::string hint = fmt::format("did you mean '{}'?", near);
    if (near.empty()) {
      hint = known.size() <= few ? fmt::format("known keys: {}", fmt::join(known, ", "))
                                 : "keys of your own begin with 'x-'";
    }
    document::refuse(entry.key_place, fmt::format("unknown key '{}' in {}", entry.key, where()), hint);
  }

  void check_names(const Node& node, const Key& key) {
    for (const auto& entry : node.entries) {
      if (key.usual_names && !is_usual_name(entry.key)) {
        document::refuse(entry.key_place,
                         fmt::format("'{}' is no name for an entry of {}", entry.key, where()),
                         "use letters, digits, '.', '_' and '-'");
      }
      below(entry.key, [&] { visit(entry.value, *key.item); });
    }
  }

  void check_hosts(const Node& node) {
    for (const auto& entry : node.entries) {
      below(entry.key, [&] {
        check_kind(entry.value, kinds::text | kinds::list);
        for (const auto& item : entry.value.items) {
          check_kind(item, kinds::text);
        }
      });
    }
  }

  TreePath path_;
};

}  // namespace

void check_schema(const Node& root) {
  Check().visit(root, compose_file);
}

void check_include(const Node& include) {
  Node root{.kind = Kind::map, .place = include.place};
  root.entries.push_back({"include", include.place, include});
  Check().visit(root, compose_file);
}

}  // namespace fresh::compose
