#include "compose/observe.h"

#include "base/doing.h"
#include "engine/labels.h"

#include <algorithm>

namespace fresh::compose {
namespace {

constexpr const char* project_labels[] = {engine::labels::compose_project, engine::labels::project};

}  // namespace

std::vector<engine::Container> containers_of(const std::string& project, engine::EngineReader& reader,
                                             const engine::Call& call) {
  const engine::Labels labels{{engine::labels::compose_project, project}};
  auto containers = reader.list_containers({.labels = labels, .all = true}, call);
  for (auto& container : containers) {
    if (container.state != "running") {
      if (auto inspected = reader.find_container(container.id.hex, call)) {
        container = *std::move(inspected);
      }
    }
  }
  return containers;
}

Observed observe(engine::EngineReader& reader, const std::string& project, const engine::Call& call) {
  const base::Doing doing("looking at what the engine holds of project '{}'", project);
  Observed result;
  std::map<std::string, engine::Container> by_name;
  for (const char* label : project_labels) {
    const engine::Labels labels{{label, project}};
    for (auto& container : reader.list_containers({.labels = labels, .all = true}, call)) {
      by_name.emplace(container.name, std::move(container));
    }
    for (auto& network : reader.list_networks(labels, call)) {
      result.networks.emplace(network.name, std::move(network));
    }
    for (auto& volume : reader.list_volumes(labels, call)) {
      result.volumes.emplace(volume.name, std::move(volume));
    }
  }
  for (auto& entry : by_name) {
    result.containers.push_back(std::move(entry.second));
  }
  return result;
}

Observed observe(engine::EngineReader& reader, const Project& project, const engine::Call& call) {
  const base::Doing doing("looking at what the engine holds of project '{}'", project.name);
  Observed result;
  result.containers = containers_of(project.name, reader, call);
  // One list finds the project's own networks and the external ones.
  for (auto& network : reader.list_networks({}, call)) {
    result.networks.emplace(network.name, std::move(network));
  }
  for (auto& volume : reader.list_volumes({}, call)) {
    result.volumes.emplace(volume.name, std::move(volume));
  }
  for (const auto& entry : project.services) {
    const std::string& reference = entry.second.image;
    if (!reference.empty() && !result.images.contains(reference)) {
      if (auto image = reader.find_image(reference, call)) {
        result.images.emplace(reference, *std::move(image));
      }
    }
  }
  return result;
}

}  // namespace fresh::compose
