#pragma once

#include "engine/engine.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

/// What the parts of the fake engine have in common: refusals as a real one words them, and look-ups by label
/// and key.
namespace fresh::test {

[[noreturn]] inline void refuse(engine::Fault fault, int status, const std::string& message) {
  throw engine::EngineError(base::ExitCode::deploy, fault, status, message);
}

[[noreturn]] inline void no_such(const std::string& what) {
  refuse(engine::Fault::not_found, 404, "no such " + what);
}

[[noreturn]] inline void not_faked(const std::string& call) {
  refuse(engine::Fault::failed, 501, fmt::format("the fake engine has no '{}'", call));
}

inline bool carries(const engine::Labels& labels, const engine::Labels& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& label) {
    const auto found = labels.find(label.first);
    return found != labels.end() && (label.second.empty() || found->second == label.second);
  });
}

template <typename Map>
auto values(const Map& map, const engine::Labels& labels) {
  std::vector<typename Map::mapped_type> result;
  for (const auto& entry : map) {
    if (carries(entry.second.labels, labels)) {
      result.push_back(entry.second);
    }
  }
  return result;
}

template <typename Map>
auto value(const Map& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace fresh::test
