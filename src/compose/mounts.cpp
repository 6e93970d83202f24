#include "compose/mounts.h"

#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::compose {
namespace {

using document::Node;
using document::Place;

std::vector<std::string> parts(const std::string& text) {
  std::vector<std::string> result;
  std::size_t begin = 0;
  for (auto colon = text.find(':'); colon != std::string::npos; colon = text.find(':', begin)) {
    result.push_back(text.substr(begin, colon - begin));
    begin = colon + 1;
  }
  result.push_back(text.substr(begin));
  return result;
}

bool is_path(std::string_view source) {
  return source.starts_with('/') || source.starts_with('.') || source.starts_with('~');
}

std::string clean(const std::string& path) {
  std::string result = std::filesystem::path(path).lexically_normal().string();
  while (result.size() > 1 && result.ends_with('/')) {
    result.pop_back();
  }
  return result;
}

void apply_option(Node& mount, Node& details, const std::string& option, const Place& place) {
  const bool is_bind = mount.find("type")->scalar == "bind";
  if (option == "ro") {
    set(mount, "read_only", boolean_value(true, place));
  } else if (option == "z" || option == "Z") {
    if (is_bind) {
      set(details, "selinux", text_value(option, place));
    }
  } else if (option == "nocopy") {
    set(details, "nocopy", boolean_value(true, place));
  } else if (is_bind && (option == "private" || option == "rprivate" || option == "shared" ||
                         option == "rshared" || option == "slave" || option == "rslave")) {
    set(details, "propagation", text_value(option, place));
  } else if (option != "rw" && option != "cached" && option != "delegated" && option != "consistent") {
    document::refuse(place, fmt::format("unknown volume option '{}'", option),
                     "options are ro, rw, z, Z, nocopy");
  }
}

Node from_short(const Node& entry, const PathBase& base) {
  const Place& place = entry.place;
  const auto fields = parts(entry.text());
  if (fields.size() > 3 || fields.back().empty() || fields.front().empty()) {
    document::refuse(place, fmt::format("'{}' is no volume", entry.scalar),
                     "write source:target or source:target:ro");
  }
  Node mount = map_value(place);
  if (fields.size() == 1) {
    set(mount, "type", text_value("volume", place));
    set(mount, "target", text_value(clean(fields[0]), place));
    set(mount, "volume", map_value(place));
    return mount;
  }
  const bool is_bind = is_path(fields[0]);
  const std::string type = is_bind ? "bind" : "volume";
  set(mount, "type", text_value(type, place));
  set(mount, "source",
      text_value(is_bind ? absolute_path(text_value(fields[0], place), base) : fields[0], place));
  set(mount, "target", text_value(clean(fields[1]), place));
  Node details = map_value(place);
  if (is_bind) {
    set(details, "create_host_path", boolean_value(true, place));
  }
  if (fields.size() == 3) {
    for (std::size_t begin = 0; begin <= fields[2].size();) {
      const auto comma = std::min(fields[2].find(',', begin), fields[2].size());
      apply_option(mount, details, fields[2].substr(begin, comma - begin), place);
      begin = comma + 1;
    }
  }
  set(mount, type, std::move(details));
  return mount;
}

}  // namespace

std::string absolute_path(const Node& path, const PathBase& base) {
  std::string text = path.text();
  if (text == "~" || text.starts_with("~/")) {
    if (base.home.empty()) {
      document::refuse(path.place, fmt::format("'{}' needs HOME, which is not set", text),
                       "write the whole path");
    }
    text.replace(0, 1, base.home);
  }
  const std::filesystem::path joined = base.working_folder / text;
  return clean(joined.string());
}

Node canonical_mount(const Node& entry, const PathBase& base) {
  if (entry.is_scalar()) {
    return from_short(entry, base);
  }
  if (!entry.is_map()) {
    document::refuse(entry.place, fmt::format("a volume is text or a map, found {}", shown(entry.kind)));
  }
  Node mount = entry;
  const Node* type = mount.find("type");
  if (type == nullptr) {
    document::refuse(entry.place, "this volume has no 'type'", "add 'type: bind', 'volume' or 'tmpfs'");
  }
  const std::string kind = type->text();
  if (Node* target = mount.find("target")) {
    target->scalar = clean(target->text());
  } else {
    document::refuse(entry.place, "this volume has no 'target'", "add 'target:', the path in the container");
  }
  if (kind == "bind") {
    Node* source = mount.find("source");
    if (source == nullptr) {
      document::refuse(entry.place, "this bind has no 'source'", "add 'source:', the path on this machine");
    }
    *source = text_value(absolute_path(*source, base), source->place);
  }
  return mount;
}

}  // namespace fresh::compose
