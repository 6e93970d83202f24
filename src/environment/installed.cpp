#include "environment/installed.h"

#include "base/error.h"
#include "environment/marker.h"
#include "environment/version.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace fresh::environment {

std::string_view installed_query() {
  return R"(import importlib.metadata, json, os, platform, sys
found = [(d.metadata["Name"], d.version) for d in importlib.metadata.distributions()]
info = sys.implementation.version
level = "" if info.releaselevel == "final" else info.releaselevel[0] + str(info.serial)
markers = {
    "os_name": os.name,
    "sys_platform": sys.platform,
    "platform_machine": platform.machine(),
    "platform_python_implementation": platform.python_implementation(),
    "platform_release": platform.release(),
    "platform_system": platform.system(),
    "platform_version": platform.version(),
    "python_version": ".".join(platform.python_version_tuple()[:2]),
    "python_full_version": platform.python_version(),
    "implementation_name": sys.implementation.name,
    "implementation_version": "%d.%d.%d%s" % (info.major, info.minor, info.micro, level),
    "extra": "",
}
print(json.dumps({"packages": [[n, v] for n, v in found if n], "markers": markers}, sort_keys=True)))";
}

Installed parse_installed(std::string_view text) {
  using nlohmann::json;
  Installed installed;
  try {
    const json answer = json::parse(text);
    for (const auto& [name, value] : answer.at("markers").items()) {
      installed.markers[name] = value.get<std::string>();
    }
    for (const auto& package : answer.at("packages")) {
      installed.packages[normalised_name(package.at(0).get<std::string>())] =
          package.at(1).get<std::string>();
    }
  } catch (const json::exception&) {
    throw base::Error(
        base::ExitCode::precheck,
        fmt::format("the interpreter did not list its packages, it said '{}'", text.substr(0, 80)),
        "check that the environment's python runs");
  }
  return installed;
}

Difference difference(const Lock& lock, const Installed& installed, const std::vector<std::string>& tools) {
  std::map<std::string, std::string> locked;
  for (const auto& requirement : lock.requirements) {
    if (marker_holds(requirement.marker, installed.markers)) {
      locked[requirement.name] = requirement.version;
    }
  }
  Difference result;
  for (const auto& [name, version] : locked) {
    const auto found = installed.packages.find(name);
    if (found == installed.packages.end()) {
      result.missing.push_back(fmt::format("{} {}", name, version));
    } else if (compare_versions(found->second, version) != 0) {
      result.other_version.push_back(fmt::format("{} {} -> {}", name, found->second, version));
    }
  }
  for (const auto& [name, version] : installed.packages) {
    if (locked.count(name) == 0 && std::find(tools.begin(), tools.end(), name) == tools.end()) {
      result.extra.push_back(fmt::format("{} {}", name, version));
    }
  }
  return result;
}

std::string to_string(const Difference& difference) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view word, const std::vector<std::string>& entries) {
    if (!entries.empty()) {
      parts.push_back(fmt::format("{}: {}", word, fmt::join(entries, ", ")));
    }
  };
  add("missing", difference.missing);
  add("extra", difference.extra);
  add("other version", difference.other_version);
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace fresh::environment
