#include "compose/mounts.h"

#include "compose/cast.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <vector>

namespace fresh::compose {
namespace {

using document::Node;
using document::Place;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr std::array propagations{"rprivate", "private", "rshared", "shared", "rslave", "slave"};

bool is_path(std::string_view source) {
  if (source.empty()) {
    return false;
  }
  return source[0] == '.' || source[0] == '/' || source[0] == '~' || source.starts_with("\\\\") ||
         (source.size() > 1 && is_letter(source[0]) && source[1] == ':');
}

struct Parts {
  std::string source;
  std::string target;
  std::vector<std::string> options;
};

constexpr std::string_view empty_part = "a part between the colons is empty";

[[noreturn]] void refuse_volume(const Node& node, std::string_view why) {
  document::refuse(node.place, fmt::format("'{}' is no volume: {}", node.scalar, why),
                   value_hint(why == empty_part ? std::string_view() : node.scalar,
                              "write source:target or source:target:ro"));
}

void add_options(std::string_view text, Parts& parts) {
  while (true) {
    const auto comma = std::min(text.find(','), text.size());
    parts.options.emplace_back(text.substr(0, comma));
    if (comma == text.size()) {
      return;
    }
    text.remove_prefix(comma + 1);
  }
}

Parts parts_of(const Node& node) {
  Parts parts;
  const std::string& text = node.text();
  if (text.empty()) {
    refuse_volume(node, "it is empty");
  }
  if (text.size() <= 2) {
    parts.target = text;
    return parts;
  }
  std::string part;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool is_end = i == text.size();
    const bool is_drive = !is_end && text[i] == ':' && part.size() == 1 && is_letter(part[0]);
    if (!is_end && (text[i] != ':' || is_drive)) {
      part += text[i];
      continue;
    }
    if (part.empty()) {
      refuse_volume(node, empty_part);
    }
    if (parts.source.empty()) {
      (is_end ? parts.target : parts.source) = part;
    } else if (parts.target.empty()) {
      parts.target = part;
    } else if (!is_end) {
      refuse_volume(node, "it has too many colons");
    } else {
      add_options(part, parts);
    }
    part.clear();
  }
  return parts;
}

}  // namespace

std::string clean_path(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part == ".." && rooted) {
      continue;
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  std::string result = rooted ? "/" : "";
  for (const auto part : parts) {
    result += result.empty() || result == "/" ? "" : "/";
    result += part;
  }
  return result.empty() ? "." : result;
}

std::string mount_target(const Node& text) {
  return parts_of(text).target;
}

Node long_mount(const Node& text) {
  const Place& place = text.place;
  const Parts parts = parts_of(text);
  const bool is_bind = is_path(parts.source);
  Node bind = map_value(place);
  Node volume = map_value(place);
  bool read_only = false;
  bool has_bind = is_bind;
  for (const auto& option : parts.options) {
    if (option == "ro" || option == "rw") {
      read_only = option == "ro";
    } else if (option == "nocopy") {
      set(volume, "nocopy", boolean_value(true, place));
    } else if (option == "z" || option == "Z") {
      set(bind, "selinux", text_value(option, place));
      has_bind = true;
    } else if (std::find(propagations.begin(), propagations.end(), option) != propagations.end()) {
      set(bind, "propagation", text_value(option, place));
      has_bind = true;
    }
  }
  Node mount = map_value(place);
  set(mount, "type", text_value(is_bind ? "bind" : "volume", place));
  if (!parts.source.empty()) {
    set(mount, "source", text_value(parts.source, place));
  }
  set(mount, "target", text_value(clean_path(parts.target), place));
  if (read_only) {
    set(mount, "read_only", boolean_value(true, place));
  }
  if (is_bind) {
    set(bind, "create_host_path", boolean_value(true, place));
  }
  if (has_bind) {
    set(mount, "bind", std::move(bind));
  }
  if ((!is_bind && text.scalar.size() > 2) || volume.find("nocopy") != nullptr) {
    set(mount, "volume", std::move(volume));
  }
  return mount;
}

}  // namespace fresh::compose
