#include "compose/env_file.h"
#include "compose/normalise.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <map>

namespace fresh::compose {
namespace {

using document::Node;

/// A typed map that is there or empty.
Node taken(Node& service, std::string_view key) {
  Node* found = service.find(key);
  return found == nullptr ? map_value(service.place) : std::move(*found);
}

/// Variables in the order in which they came, found by name in short time: a file may have many.
class Values {
 public:
  explicit Values(document::Place place) : map_(map_value(std::move(place))) {}

  const Node* find(std::string_view name) const {
    const auto found = indices_.find(name);
    return found == indices_.end() ? nullptr : &map_.entries[found->second].value;
  }

  void set(std::string_view name, Node value) {
    const auto [found, is_new] = indices_.try_emplace(std::string(name), map_.entries.size());
    if (is_new) {
      document::Place place = value.place;
      map_.entries.push_back({std::string(name), std::move(place), std::move(value)});
    } else {
      map_.entries[found->second].value = std::move(value);
    }
  }

  /// Adds what a file has; a name that stands alone has the value that `lookup` had before the file.
  void add(std::vector<Variable> variables, const Lookup& lookup, const document::Place& place) {
    for (auto& variable : variables) {
      if (!variable.value) {
        variable.value = lookup(variable.name);
      }
    }
    for (auto& variable : variables) {
      if (variable.value) {
        set(variable.name, text_value(*std::move(variable.value), place));
      }
    }
  }

  /// With what the service says itself, which comes before its files.
  Node with(Node own) && {
    for (auto& entry : own.entries) {
      set(entry.key, std::move(entry.value));
    }
    return std::move(map_);
  }

 private:
  Node map_;
  std::map<std::string, std::size_t, std::less<>> indices_;
};

/// Earlier files of the service come before the variables of the project.
Lookup after(const Values& values, const Lookup& outer) {
  return [&values, &outer](std::string_view name) -> std::optional<std::string> {
    const Node* found = values.find(name);
    return found == nullptr ? outer(name) : std::optional(found->scalar);
  };
}

void add_env_file(Values& values, const Node& item, const Lookup& lookup, const ReadFile& read) {
  const Node& path = *item.find("path");
  const auto text = read_at(path.place, read, path.scalar);
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
  const Lookup both = after(values, lookup);
  values.add(raw ? parse_raw_env_file(*text, path.scalar) : parse_env_file(*text, path.scalar, both), both,
             path.place);
}

void add_label_file(Values& values, const Node& path, const ReadFile& read) {
  const auto text = read_at(path.place, read, path.scalar);
  if (!text) {
    document::refuse(path.place, fmt::format("the label file '{}' does not exist", path.scalar),
                     "create it, or mend the path");
  }
  const Lookup nobody = [](std::string_view) { return std::nullopt; };
  const Lookup both = after(values, nobody);
  values.add(parse_env_file(*text, path.scalar, both), both, path.place);
}

}  // namespace

void read_service_files(Node& service, const Lookup& lookup, const ReadFile& read) {
  if (const Node* files = service.find("env_file")) {
    Values values(files->place);
    for (const auto& item : files->items) {
      add_env_file(values, item, lookup, read);
    }
    erase(service, "env_file");
    set(service, "environment", std::move(values).with(taken(service, "environment")));
  }
  if (const Node* files = service.find("label_file")) {
    Values values(files->place);
    for (const auto& item : files->items) {
      add_label_file(values, item, read);
    }
    erase(service, "label_file");
    set(service, "labels", std::move(values).with(taken(service, "labels")));
  }
}

}  // namespace fresh::compose
