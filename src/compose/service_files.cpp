#include "compose/env_file.h"
#include "compose/normalise.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

namespace fresh::compose {
namespace {

using document::Node;

/// A typed map that is there or empty.
Node taken(Node& service, std::string_view key) {
  Node* found = service.find(key);
  return found == nullptr ? map_value(service.place) : std::move(*found);
}

void add(Node& map, std::vector<Variable> variables, const Lookup& lookup, const document::Place& place) {
  for (auto& variable : variables) {
    auto value = variable.value ? std::move(variable.value) : lookup(variable.name);
    if (value) {
      set(map, variable.name, text_value(*std::move(value), place));
    }
  }
}

/// Earlier files of the service come before the variables of the project.
Lookup after(const Node& map, const Lookup& outer) {
  return [&map, &outer](std::string_view name) -> std::optional<std::string> {
    const Node* found = map.find(name);
    return found == nullptr ? outer(name) : std::optional(found->scalar);
  };
}

void put_over(Node& files, Node own) {
  for (auto& entry : own.entries) {
    set(files, entry.key, std::move(entry.value));
  }
}

void add_env_file(Node& map, const Node& item, const Lookup& lookup, const ReadFile& read) {
  const Node& path = *item.find("path");
  const auto text = read(path.scalar);
  if (!text) {
    if (item.find("required")->boolean()) {
      document::refuse(path.place, fmt::format("the env file '{}' does not exist", path.scalar),
                       "create it, or write 'required: false'");
    }
    return;
  }
  const Node* format = item.find("format");
  if (format != nullptr && !format->scalar.empty() && format->scalar != "raw") {
    document::refuse(format->place, fmt::format("unknown format '{}' of an env file", format->scalar),
                     "write 'raw', or leave the key out");
  }
  const bool raw = format != nullptr && format->scalar == "raw";
  const Node before = map;
  const Lookup both = after(before, lookup);
  add(map, raw ? parse_raw_env_file(*text, path.scalar) : parse_env_file(*text, path.scalar, both), both,
      path.place);
}

void add_label_file(Node& map, const Node& path, const ReadFile& read) {
  const auto text = read(path.scalar);
  if (!text) {
    document::refuse(path.place, fmt::format("the label file '{}' does not exist", path.scalar),
                     "create it, or mend the path");
  }
  const Lookup nobody = [](std::string_view) { return std::nullopt; };
  const Node before = map;
  const Lookup both = after(before, nobody);
  add(map, parse_env_file(*text, path.scalar, both), both, path.place);
}

}  // namespace

void read_service_files(Node& service, const Lookup& lookup, const ReadFile& read) {
  if (const Node* files = service.find("env_file")) {
    Node map = map_value(files->place);
    for (const auto& item : files->items) {
      add_env_file(map, item, lookup, read);
    }
    erase(service, "env_file");
    put_over(map, taken(service, "environment"));
    set(service, "environment", std::move(map));
  }
  if (const Node* files = service.find("label_file")) {
    Node map = map_value(files->place);
    for (const auto& item : files->items) {
      add_label_file(map, item, read);
    }
    erase(service, "label_file");
    put_over(map, taken(service, "labels"));
    set(service, "labels", std::move(map));
  }
}

}  // namespace fresh::compose
