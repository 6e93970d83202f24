#include "engine/dialect.h"
#include "engine/json_fields.h"
#include "engine/socket_engine.h"
#include "engine/url.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>

// Volumes are asked for in Docker's dialect on both engines: there creation is idempotent, Podman's own is
// not.
namespace fresh::engine {
namespace {

using nlohmann::json;

Volume volume_of(const json& answer) {
  return {required_text_at(answer, "Name"), text_at(answer, "Driver"), map_at(answer, "Labels")};
}

}  // namespace

std::optional<Volume> SocketEngine::find_volume(const std::string& name, const Call& call) {
  const auto answer = find_json(docker(fmt::format("/volumes/{}", path_part(name))),
                                fmt::format("looking for volume '{}'", name), call);
  if (!answer) {
    return std::nullopt;
  }
  auto volume = volume_of(*answer);
  // Podman also finds a volume by the beginning of its name.
  return volume.name == name ? std::optional(std::move(volume)) : std::nullopt;
}

std::vector<Volume> SocketEngine::list_volumes(const Labels& labels, const Call& call) {
  const auto answer = get_json(docker("/volumes" + Query().add("filters", label_filter(labels)).text()),
                               "listing volumes", call);
  // Engines write null for none, but they write the key.
  if (!answer.is_object() || !answer.contains("Volumes")) {
    throw EngineError(base::ExitCode::machine, Fault::failed, 200,
                      "the engine's list of volumes has no 'Volumes'",
                      "the engine may be of a version that fresh-clone does not know");
  }
  std::vector<Volume> volumes;
  for (const auto& entry : list_at(answer, "Volumes")) {
    volumes.push_back(volume_of(entry));
  }
  std::sort(volumes.begin(), volumes.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return volumes;
}

void SocketEngine::create_volume(const VolumeSpec& spec, const Call& call) {
  const json body{{"Name", spec.name},
                  {"Driver", spec.driver.empty() ? "local" : spec.driver},
                  {"DriverOpts", spec.options},
                  {"Labels", spec.labels}};
  expect(post(docker("/volumes/create"), body), fmt::format("creating volume '{}'", spec.name), call);
}

bool SocketEngine::remove_volume(const std::string& name, const Call& call) {
  return remove(docker(fmt::format("/volumes/{}", path_part(name))),
                fmt::format("removing volume '{}'", name), call);
}

}  // namespace fresh::engine
