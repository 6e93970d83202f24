#include "document/build_nodes.h"

#include "document/refuse.h"
#include "document/scalar.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::document {
namespace {

constexpr std::size_t deepest = 100;
constexpr std::size_t most_nodes = 100'000;
constexpr std::size_t few_keys = 16;

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const auto& item : node.items) {
    count += count_nodes(item);
  }
  for (const auto& entry : node.entries) {
    count += count_nodes(entry.value);
  }
  return count;
}

void refuse_key(const Place& place, Kind found) {
  refuse(place, fmt::format("a key must be a scalar, found {}", shown(found)),
         "put text before the ':'; quote what begins with '{' or '['");
}

/// No setting is `.inf` or `.nan`; docker compose cannot print one either.
void refuse_endless(const Node& node, const Place& place) {
  if (node.kind == Kind::real &&
      std::string_view("fFnN").find(node.scalar.back()) != std::string_view::npos) {
    refuse(place, fmt::format("'{}' is no finite number", node.scalar),
           "write a number; text goes in quotes");
  }
}

}  // namespace

std::optional<int> NodeBuilder::KnownKeys::add(std::string_view key, int line) {
  if (many_.empty()) {
    const auto found =
        std::find_if(few_.begin(), few_.end(), [&](const auto& one) { return one.first == key; });
    if (found != few_.end()) {
      return found->second;
    }
    few_.emplace_back(key, line);
    if (few_.size() > few_keys) {
      many_.insert(few_.begin(), few_.end());
    }
    return std::nullopt;
  }
  const auto [known, is_new] = many_.emplace(key, line);
  return is_new ? std::nullopt : std::optional(known->second);
}

void NodeBuilder::KnownKeys::remove(const std::string& key) {
  std::erase_if(few_, [&](const auto& one) { return one.first == key; });
  many_.erase(key);
}

void NodeBuilder::scalar(Place place, std::string text, bool plain, std::string tag,
                         const std::string& anchor) {
  Node node;
  node.scalar = std::move(text);
  // go-yaml does not look behind an own tag; what `!reset` stands before is thrown away, and often nothing.
  if (!plain || (dialect_ == Dialect::go && !tag.empty() && tag != "!reset")) {
    node.kind = Kind::text;
  } else {
    // A key stays as it is written: only values are numbers to anybody.
    const bool is_key = !frames_.empty() && frames_.back().node.is_map() && !frames_.back().key;
    std::string resolved = node.scalar;
    node.kind = dialect_ == Dialect::core ? core_kind(resolved) : go_kind(resolved);
    if (!is_key) {
      node.scalar = std::move(resolved);
    }
    if (!is_key && dialect_ == Dialect::go) {
      refuse_endless(node, place);
    }
  }
  node.place = std::move(place);
  node.tag = std::move(tag);
  add(std::move(node), anchor, plain);
}

void NodeBuilder::alias(const Place& place, const std::string& anchor) {
  const bool inside =
      std::any_of(frames_.begin(), frames_.end(), [&](const Frame& frame) { return frame.anchor == anchor; });
  if (inside) {
    refuse(place, "this alias stands inside the value that it names",
           "write the value out, or name another anchor");
  }
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    refuse(place, fmt::format("no anchor '{}' stands before this alias", anchor),
           fmt::format("write '&{}' before the value that is meant", anchor));
  }
  spend(count_nodes(found->second), place);
  add(found->second, {}, found->second.kind != Kind::text);
}

void NodeBuilder::open(Kind kind, Place place, std::string tag, const std::string& anchor) {
  if (frames_.size() >= deepest) {
    refuse(place, fmt::format("nested deeper than {} levels", deepest),
           "check the indentation and the brackets");
  }
  if (!frames_.empty() && frames_.back().node.is_map() && !frames_.back().key) {
    refuse_key(place, kind);
  }
  Frame& frame = frames_.emplace_back();
  frame.node.kind = kind;
  frame.node.place = std::move(place);
  frame.node.tag = std::move(tag);
  frame.anchor = anchor;
}

void NodeBuilder::close() {
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  for (const auto& merged : frame.merges) {
    merge_into(frame, merged);
  }
  add(std::move(frame.node), frame.anchor, false);
}

void NodeBuilder::spend(std::size_t nodes, const Place& place) {
  spent_ += nodes;
  if (spent_ > most_nodes) {
    refuse(place, fmt::format("this document expands to more than {} values", most_nodes),
           "check its aliases: each use of an alias copies what it names");
  }
}

void NodeBuilder::add(Node node, const std::string& anchor, bool plain) {
  if (++spent_ > most_nodes) {
    refuse(node.place, fmt::format("this document has more than {} values", most_nodes),
           "split it, or check that it is the right file");
  }
  if (!anchor.empty()) {
    anchors_[anchor] = node;
  }
  if (frames_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& parent = frames_.back();
  if (parent.node.is_list()) {
    parent.node.items.push_back(std::move(node));
  } else if (!parent.key) {
    begin_entry(parent, std::move(node), plain);
  } else if (parent.is_merge) {
    parent.merges.push_back(std::move(node));
    parent.key.reset();
  } else {
    end_entry(parent, std::move(node));
  }
}

void NodeBuilder::begin_entry(Frame& parent, Node key, bool plain) const {
  if (!key.is_scalar()) {
    refuse_key(key.place, key.kind);
  }
  if (dialect_ == Dialect::go && key.kind != Kind::text) {
    refuse(key.place, fmt::format("a key must be text, found {}", shown(key.kind)), quotes_hint(key.place));
  }
  parent.is_merge = plain && key.scalar == "<<";
  parent.first_line = parent.known.add(key.scalar, key.place.line);
  parent.key = std::move(key.scalar);
  parent.key_place = std::move(key.place);
  if (parent.first_line && (dialect_ == Dialect::core || parent.is_merge)) {
    refuse_second(parent);
  }
}

void NodeBuilder::refuse_second(const Frame& frame) {
  refuse(frame.key_place,
         fmt::format("the key '{}' stands here twice, first in line {}", *frame.key, *frame.first_line),
         "remove one of the two");
}

/// What `!reset` clears is no entry of the map: its key may stand there once more.
void NodeBuilder::end_entry(Frame& parent, Node value) const {
  if (dialect_ == Dialect::go && value.tag == "!reset") {
    if (!parent.first_line) {
      parent.known.remove(*parent.key);
    }
  } else if (parent.first_line) {
    refuse_second(parent);
  }
  // A value that is not there stands behind its key, where people look.
  if (value.is_null() && value.scalar.empty()) {
    value.place = parent.key_place;
  }
  parent.node.entries.push_back({*std::move(parent.key), std::move(parent.key_place), std::move(value)});
  parent.key.reset();
}

/// Adds the entries of a `<<` value that the map does not have itself (YAML 1.1 merge key, as compose files
/// use it).
void NodeBuilder::merge_into(Frame& frame, const Node& merged) {
  if (merged.is_list()) {
    for (const auto& item : merged.items) {
      if (!item.is_map()) {
        refuse(item.place, fmt::format("'<<' takes maps, found {}", shown(item.kind)),
               "let each entry name an anchor of a map: '<<: [*one, *two]'");
      }
      merge_into(frame, item);
    }
    return;
  }
  if (!merged.is_map()) {
    refuse(merged.place, fmt::format("'<<' takes a map or a list of maps, found {}", shown(merged.kind)),
           "let it name an anchor of a map: '<<: *name'");
  }
  for (const auto& entry : merged.entries) {
    if (!frame.known.add(entry.key, entry.key_place.line)) {
      frame.node.entries.push_back(entry);
    }
  }
}

}  // namespace fresh::document
