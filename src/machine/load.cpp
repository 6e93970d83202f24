#include "machine/load.h"

#include "base/doing.h"
#include "document/fields.h"
#include "document/load_yaml.h"
#include "document/project_path.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <string_view>

namespace fresh::machine {
namespace {

constexpr std::size_t longest_name = 30;

bool is_machine_name(std::string_view name) {
  const auto letter_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && name.size() <= longest_name && letter_or_digit(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter_or_digit(c) || c == '_' || c == '.' || c == '-'; });
}

int number(document::Fields& fields, std::string_view key, int fallback, int least) {
  const std::int64_t value = fields.integer(key, fallback);
  if (value < least || value > std::numeric_limits<int>::max()) {
    document::refuse(fields.find(key)->place,
                     fmt::format("'{}' must be a number from {} on, found {}", key, least, value),
                     fmt::format("write {} or more", least));
  }
  return static_cast<int>(value);
}

Resources resources(document::Fields& fields, const Resources& fallback, int least) {
  return {.cpus = number(fields, "cpus", fallback.cpus, least),
          .memory_mb = number(fields, "memory_mb", fallback.memory_mb, least),
          .disk_gb = number(fields, "disk_gb", fallback.disk_gb, least)};
}

Provider provider(document::Fields& fields) {
  const std::string word = fields.text("provider", std::string(shown(Provider::automatic)));
  for (const Provider candidate : {Provider::automatic, Provider::native, Provider::podman_machine}) {
    if (word == shown(candidate)) {
      return candidate;
    }
  }
  document::refuse(fields.find("provider")->place, fmt::format("there is no machine provider '{}'", word),
                   "use auto, native or podman-machine");
}

void refuse_minimum_above(const document::Place& place, std::string_view key, int minimum, int wanted) {
  if (minimum > wanted) {
    document::refuse(place,
                     fmt::format("the minimum of '{}' is {}, above the wanted {}", key, minimum, wanted),
                     fmt::format("raise '{}' or lower its minimum", key));
  }
}

MachineSpec load_map(const document::Node& node) {
  document::Fields fields(node, "machine");
  MachineSpec spec;
  spec.name = fields.text("name", spec.name);
  if (!is_machine_name(spec.name)) {
    document::refuse(
        fields.find("name")->place, fmt::format("'{}' is no machine name", spec.name),
        fmt::format("use up to {} letters, digits, '_', '.' and '-', a letter or digit first", longest_name));
  }
  spec.wanted = resources(fields, spec.wanted, 1);
  spec.provider = provider(fields);
  spec.image = fields.word("image", "");
  spec.rootful = fields.boolean("rootful", false);
  if (const document::Node* minimum = fields.find("minimum")) {
    document::Fields least(*minimum, "minimum");
    spec.minimum = resources(least, {}, 0);
    least.finish();
    refuse_minimum_above(minimum->place, "cpus", spec.minimum.cpus, spec.wanted.cpus);
    refuse_minimum_above(minimum->place, "memory_mb", spec.minimum.memory_mb, spec.wanted.memory_mb);
    refuse_minimum_above(minimum->place, "disk_gb", spec.minimum.disk_gb, spec.wanted.disk_gb);
  }
  fields.finish();
  return spec;
}

}  // namespace

MachineSpec load(const document::Node& node, const std::filesystem::path& project) {
  if (node.is_null() || node.is_map()) {
    return load_map(node);
  }
  if (!node.is_scalar()) {
    document::refuse(node.place, "'machine' must be a map or the path of a machine file",
                     "write 'machine: {name: ..., cpus: ...}' or 'machine: machine/podman-wxd.yaml'");
  }
  const std::string path = document::project_path(node);
  const base::Doing doing("reading the machine file '{}'", path);
  if (!std::filesystem::is_regular_file(project / path)) {
    document::refuse(node.place, fmt::format("there is no file '{}'", path),
                     "add the file, or mend its name here");
  }
  return load_map(document::load_yaml_file(project / path, path));
}

}  // namespace fresh::machine
