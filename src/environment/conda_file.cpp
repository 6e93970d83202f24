#include "document/fields.h"
#include "document/load_yaml.h"
#include "document/refuse.h"
#include "environment/lock_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace fresh::environment {
namespace {

constexpr std::string_view only_channel = "conda-forge";

void refuse_other_channel(const document::Place& place, std::string_view channel) {
  if (channel != only_channel) {
    document::refuse(place, fmt::format("channel '{}' is not allowed, expected conda-forge alone", channel),
                     "take every package from conda-forge");
  }
}

/// `name=version`, `name==version` or `name=version=build`, with `conda-forge::` before it or not.
Requirement dependency(const document::Node& node) {
  if (!node.is_scalar()) {
    document::refuse(node.place, "a pip list inside a conda environment is not locked",
                     "take the packages from conda-forge, or use the provider uv with a requirements lock");
  }
  std::string_view text = node.text();
  if (const auto channel = text.find("::"); channel != std::string_view::npos) {
    refuse_other_channel(node.place, text.substr(0, channel));
    text.remove_prefix(channel + 2);
  }
  const auto first = text.find('=');
  const std::string_view name = text.substr(0, first);
  std::string_view rest = first == std::string_view::npos ? std::string_view() : text.substr(first + 1);
  if (!rest.empty() && rest.front() == '=') {
    rest.remove_prefix(1);
  }
  const auto second = rest.find('=');
  const std::string_view version = rest.substr(0, second);
  if (name.empty() || version.empty() || text.find_first_of("<>!~*,| ") != std::string_view::npos) {
    document::refuse(node.place,
                     fmt::format("'{}' is not pinned, expected 'name=version' or 'name=version=build'", text),
                     "write the file with 'conda env export'");
  }
  Requirement result{.name = std::string(name), .version = std::string(version), .marker = {}, .hashes = {}};
  if (second != std::string_view::npos) {
    result.hashes.emplace_back(rest.substr(second + 1));
  }
  return result;
}

}  // namespace

Lock parse_conda_environment(const std::string& text, const std::string& name) {
  const document::Node root = document::load_yaml(text, name);
  document::Fields fields(root, "conda environment");
  fields.find("name");
  fields.find("prefix");
  const document::Node& channels = fields.require("channels");
  if (channels.items.empty()) {
    document::refuse(channels.place, "no channel is named, expected conda-forge",
                     "write 'channels: [conda-forge]'");
  }
  for (const auto& channel : channels.items) {
    if (channel.text() != "nodefaults") {
      refuse_other_channel(channel.place, channel.text());
    }
  }
  const document::Node& dependencies = fields.require("dependencies");
  Lock lock;
  for (const auto& node : dependencies.items) {
    lock.requirements.push_back(dependency(node));
  }
  fields.finish();
  if (lock.requirements.empty()) {
    document::refuse(dependencies.place, "the environment names no package",
                     "pin at least python: 'dependencies: [python=3.11.4]'");
  }
  std::sort(lock.requirements.begin(), lock.requirements.end());
  return lock;
}

}  // namespace fresh::environment
