#include "compose/typed.h"

#include "compose/cast.h"
#include "compose/schema.h"
#include "compose/shell_words.h"
#include "compose/tree.h"
#include "document/refuse.h"
#include "document/scalar.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace fresh::compose {
namespace {

using document::Kind;
using document::Node;

void as_text(Node& node) {
  if (node.is_scalar() && !node.is_null()) {
    node.kind = Kind::text;
  }
}

void as_whole(Node& node, const Key& key) {
  cast(node, key);
  if (node.kind == Kind::real) {
    node.scalar = fmt::format("{}", std::trunc(node.real()));
    node.kind = Kind::integer;
  }
}

void as_real(Node& node, const Key& key) {
  cast(node, key);
  set_real(node, node.real());
}

void as_size(Node& node, const Key& key) {
  if (node.kind == Kind::text) {
    const auto bytes = bytes_of(node.scalar);
    if (!bytes) {
      document::refuse(node.place, fmt::format("'{}' is no size for '{}'", node.scalar, key.name),
                       value_hint(node.scalar, "write it like 512m or 2g"));
    }
    node.scalar = std::to_string(*bytes);
  } else if (node.kind == Kind::real) {
    node.scalar = "0";  // docker compose drops fractions of bytes whole
  }
  node.kind = Kind::text;
}

void as_duration(Node& node, const Key& key) {
  const auto nanoseconds = nanoseconds_of(node.scalar);
  if (!nanoseconds) {
    document::refuse(node.place, fmt::format("'{}' is no duration for '{}'", node.scalar, key.name),
                     value_hint(node.scalar, "write it like 10s or 1m30s"));
  }
  node.scalar = duration_text(*nanoseconds);
}

void as_count(Node& node) {
  if (node.kind == Kind::text && (node.scalar == "all" || node.scalar == "ALL" || node.scalar == "All")) {
    node.scalar = "-1";
    node.kind = Kind::integer;
    return;
  }
  as_whole(node, Key{.name = "count", .form = Form::whole});
}

void as_words(Node& node, const Key& key) {
  if (node.kind != Kind::text) {
    return;
  }
  const auto words = split_words(node.scalar);
  if (!words) {
    document::refuse(node.place, fmt::format("'{}' has a quote or bracket that is not closed", key.name),
                     "close it, or write the command as a list");
  }
  Node list = list_value(node.place);
  for (const auto& word : *words) {
    list.items.push_back(text_value(word, node.place));
  }
  node = std::move(list);
}

void as_test(Node& node) {
  if (node.kind == Kind::text) {
    Node list = list_value(node.place);
    list.items.push_back(text_value("CMD-SHELL", node.place));
    list.items.push_back(std::move(node));
    node = std::move(list);
  }
}

void as_map_of_text(Node& node, const Key& key) {
  node = key_value_map(node, std::string(key.name));
  for (auto& entry : node.entries) {
    if (!entry.value.is_null()) {
      as_text(entry.value);
    } else if (key.form != Form::variables) {
      entry.value = text_value("", entry.value.place);
    }
  }
}

void add_host(Node& list, const std::string& name, std::string_view address, const Node& from) {
  if (name.empty() || name.find_first_of(":=") != std::string::npos) {
    document::refuse(from.place, fmt::format("'{}' is no name of a host", name), "write name=address");
  }
  if (address.size() > 2 && address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  list.items.push_back(text_value(fmt::format("{}={}", name, address), from.place));
}

void add_host_line(Node& list, const Node& item) {
  const std::string& text = item.text();
  auto end = text.find('=');
  end = end == std::string::npos ? text.find(':') : end;
  if (end == std::string::npos) {
    document::refuse(item.place, fmt::format("'{}' is no host entry", text), "write name=address");
  }
  std::string_view addresses = std::string_view(text).substr(end + 1);
  for (bool more = true; more;) {
    const auto comma = addresses.find(',');
    more = comma != std::string_view::npos;
    add_host(list, text.substr(0, end), addresses.substr(0, comma), item);
    addresses.remove_prefix(more ? comma + 1 : addresses.size());
  }
}

void as_hosts(Node& node) {
  Node list = list_value(node.place);
  for (const auto& item : node.items) {
    add_host_line(list, item);
  }
  for (const auto& entry : node.entries) {
    if (entry.value.is_scalar()) {
      add_host(list, entry.key, entry.value.scalar, entry.value);
    }
    for (const auto& item : entry.value.items) {
      add_host(list, entry.key, item.text(), item);
    }
  }
  std::sort(list.items.begin(), list.items.end(),
            [](const Node& a, const Node& b) { return a.scalar < b.scalar; });
  node = std::move(list);
}

void as_ssh(Node& node) {
  Node list = list_value(node.place);
  for (const auto& entry : node.entries) {
    const std::string& path = entry.value.text();
    list.items.push_back(text_value(
        entry.value.is_null() || path.empty() ? entry.key : entry.key + ": " + path, entry.value.place));
  }
  std::sort(list.items.begin(), list.items.end(),
            [](const Node& a, const Node& b) { return a.scalar < b.scalar; });
  node = std::move(list);
}

void visit(Node& node, const Key& key);

void as_object(Node& node, const Key& key) {
  if (!node.is_map()) {
    as_whole(node, Key{.name = key.name, .form = Form::whole});
    if (node.scalar == "0") {
      Node limit = map_value(node.place);
      set(limit, "soft", node);
      set(limit, "hard", node);
      node = std::move(limit);
    }
    return;
  }
  for (auto& entry : node.entries) {
    if (const Key* known = child(&key, entry.key)) {
      visit(entry.value, *known);
    }
  }
  std::erase_if(node.entries, [&](const document::Entry& entry) {
    return entry.value.is_null() && child(&key, entry.key) != nullptr;
  });
}

void visit(Node& node, const Key& key) {
  if (node.is_null()) {
    return;
  }
  switch (key.form) {
    case Form::any:
      return;
    case Form::text:
      as_text(node);
      return;
    case Form::flag:
    case Form::maybe_flag:
      cast(node, key);
      return;
    case Form::whole:
    case Form::maybe_whole:
      as_whole(node, key);
      return;
    case Form::real:
      as_real(node, key);
      return;
    case Form::size:
      as_size(node, key);
      return;
    case Form::duration:
    case Form::maybe_duration:
      as_duration(node, key);
      return;
    case Form::device_count:
      as_count(node);
      return;
    case Form::words:
      as_words(node, key);
      return;
    case Form::test:
      as_test(node);
      return;
    case Form::list:
      if (node.is_scalar()) {
        Node list = list_value(node.place);
        list.items.push_back(std::move(node));
        node = std::move(list);
      }
      for (auto& item : node.items) {
        visit(item, *key.item);
      }
      return;
    case Form::map:
      for (auto& entry : node.entries) {
        visit(entry.value, *key.item);
      }
      return;
    case Form::variables:
    case Form::pairs:
    case Form::labels:
    case Form::options:
      as_map_of_text(node, key);
      return;
    case Form::hosts:
      as_hosts(node);
      return;
    case Form::ssh:
      as_ssh(node);
      return;
    case Form::object:
    case Form::plain_object:
      as_object(node, key);
      return;
  }
}

}  // namespace

void make_typed(Node& root) {
  visit(root, compose_file);
}

}  // namespace fresh::compose
