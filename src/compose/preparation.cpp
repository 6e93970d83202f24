#include "compose/preparation.h"

#include <algorithm>

namespace fresh::compose {
namespace {

bool mounts_volume(const Service& service, const std::string& volume) {
  return std::any_of(service.mounts.begin(), service.mounts.end(), [&](const engine::Mount& mount) {
    return mount.type == engine::MountType::volume && mount.source == volume;
  });
}

bool publishes(const Service& service, const engine::PortBinding& port) {
  return std::any_of(service.ports.begin(), service.ports.end(),
                     [&](const engine::PortBinding& other) { return other.host_port == port.host_port; });
}

/// In the namespaces of another container, which has to run when they are set up.
bool joins_another(const std::string& mode) {
  return mode.starts_with("service:") || mode.starts_with("container:");
}

}  // namespace

bool can_be_prepared(const Service& service, const Project& project) {
  const auto by_another = [&](const auto& matches) {
    return std::any_of(project.services.begin(), project.services.end(), [&](const auto& entry) {
      return entry.first != service.name && matches(entry.second);
    });
  };
  const auto stays = [&](const engine::Mount& mount) {
    switch (mount.type) {
      case engine::MountType::tmpfs:
        return true;
      case engine::MountType::volume:
        return mount.source.empty() ||
               (!project.volumes.at(mount.source).external &&
                !by_another([&](const Service& other) { return mounts_volume(other, mount.source); }));
      default:
        return false;
    }
  };
  return !joins_another(service.network_mode) && !joins_another(service.pid) && !joins_another(service.ipc) &&
         std::all_of(service.mounts.begin(), service.mounts.end(), stays) &&
         std::none_of(service.ports.begin(), service.ports.end(), [&](const engine::PortBinding& port) {
           return port.host_port && by_another([&](const Service& other) { return publishes(other, port); });
         });
}

}  // namespace fresh::compose
