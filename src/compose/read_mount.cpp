#include "compose/read_mount.h"

#include "base/lines.h"
#include "compose/read_deploy.h"
#include "document/fields.h"
#include "document/refuse.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace fresh::compose {
namespace {

using document::Fields;
using document::Node;

constexpr std::array<std::string_view, 6> tmpfs_flags{"dev", "exec", "nodev", "noexec", "nosuid", "suid"};

std::uint32_t octal(std::string_view text, const document::Place& place) {
  std::uint32_t mode = 0;
  if (text.starts_with("0o")) {
    text.remove_prefix(2);
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error != std::errc() || end != text.data() + text.size() || mode > 07777) {
    document::refuse(place, fmt::format("'{}' is no file mode", text), "write it in octal, like 1777");
  }
  return mode;
}

void read_details(Fields& mount, std::string_view key, engine::Mount& result) {
  if (!mount.has(key)) {
    return;
  }
  Fields fields(*mount.find(key), std::string(key));
  if (key == "bind") {
    result.create_host_path = fields.boolean("create_host_path", true);
    result.propagation = fields.text("propagation", "");
    result.selinux = fields.text("selinux", "");
    pass_over(fields, {"recursive"});
  } else if (key == "volume") {
    result.no_copy = fields.boolean("nocopy", false);
    result.subpath = fields.text("subpath", "");
    pass_over(fields, {"labels"});
  } else {
    result.tmpfs_size = size_at(fields, "size");
    if (fields.has("mode")) {
      const auto mode = fields.integer("mode", 0);
      if (mode < 0 || mode > 07777) {
        document::refuse(mount.node().place, fmt::format("{} is no file mode", mode),
                         "write it in octal, like 01777");
      }
      result.tmpfs_mode = static_cast<std::uint32_t>(mode);
    }
  }
  fields.finish();
}

/// What the short form says beside its own type: `db:/data:Z` labels a named volume, `./a:/b:nocopy` has
/// nothing to copy.
void read_details_of_others(Fields& mount, engine::Mount& result) {
  if (result.type == engine::MountType::volume && mount.has("bind")) {
    Fields fields(*mount.find("bind"), "bind");
    result.selinux = fields.text("selinux", "");
    pass_over(fields, {"create_host_path", "propagation", "recursive"});
    fields.finish();
  }
  if (result.type == engine::MountType::bind && mount.has("volume")) {
    Fields fields(*mount.find("volume"), "volume");
    pass_over(fields, {"labels", "nocopy", "subpath"});
    fields.finish();
  }
}

}  // namespace

engine::Mount read_mount(const Node& node) {
  Fields fields(node, "volumes");
  engine::Mount mount;
  const std::string type = fields.text("type");
  if (type == "volume") {
    mount.type = engine::MountType::volume;
  } else if (type == "tmpfs") {
    mount.type = engine::MountType::tmpfs;
  } else if (type != "bind") {
    document::refuse(
        fields.find("type")->place, fmt::format("volumes of type '{}' are not supported", type),
        document::nearest_hint(type, {"bind", "volume", "tmpfs"}, "write bind, volume or tmpfs"));
  }
  mount.source = fields.text("source", "");
  mount.target = fields.text("target");
  mount.read_only = fields.boolean("read_only", false);
  mount.create_host_path = mount.type == engine::MountType::bind;
  read_details(fields, type, mount);
  read_details_of_others(fields, mount);
  pass_over(fields, {"consistency"});
  fields.finish();
  return mount;
}

engine::Mount read_tmpfs(const std::string& text, const document::Place& place) {
  engine::Mount mount;
  mount.type = engine::MountType::tmpfs;
  const auto colon = text.find(':');
  mount.target = text.substr(0, colon);
  std::string_view options =
      colon == std::string::npos ? std::string_view() : std::string_view(text).substr(colon + 1);
  while (!options.empty()) {
    const std::string_view option = base::next_part(options, ',');
    if (option.starts_with("size=")) {
      mount.tmpfs_size = document::parse_size(option.substr(5));
      if (!mount.tmpfs_size) {
        document::refuse(place, fmt::format("'{}' is no size for a tmpfs", option.substr(5)),
                         "write it like size=64m");
      }
    } else if (option.starts_with("mode=")) {
      mount.tmpfs_mode = octal(option.substr(5), place);
    } else if (option == "ro") {
      mount.read_only = true;
    } else if (std::find(tmpfs_flags.begin(), tmpfs_flags.end(), option) != tmpfs_flags.end()) {
      mount.tmpfs_flags.emplace_back(option);
    } else if (option != "rw") {
      document::refuse(place, fmt::format("unknown tmpfs option '{}'", option),
                       fmt::format("options are size=, mode=, ro, rw, {}", fmt::join(tmpfs_flags, ", ")));
    }
  }
  if (!mount.target.starts_with('/')) {
    document::refuse(place, fmt::format("'{}' is no absolute path in the container", mount.target),
                     "begin it with '/'");
  }
  return mount;
}

}  // namespace fresh::compose
