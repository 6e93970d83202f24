#include "compose/preparation.h"

#include <algorithm>

namespace fresh::compose {
namespace {

/// By its name: two keys may stand for one volume.
bool mounts_volume(const Project& project, const Service& service, const std::string& name) {
  return std::any_of(service.mounts.begin(), service.mounts.end(), [&](const engine::Mount& mount) {
    return mount.type == engine::MountType::volume && !mount.source.empty() &&
           project.volumes.at(mount.source).name == name;
  });
}

/// In the namespaces of another container, which has to run when they are set up.
bool joins_another(const std::string& mode) {
  return mode.starts_with("service:") || mode.starts_with("container:");
}

}  // namespace

bool can_be_prepared(const Service& service, const Project& project) {
  const auto shared = [&](const std::string& volume) {
    return std::any_of(project.services.begin(), project.services.end(), [&](const auto& entry) {
      return entry.first != service.name && mounts_volume(project, entry.second, volume);
    });
  };
  const auto stays = [&](const engine::Mount& mount) {
    switch (mount.type) {
      case engine::MountType::tmpfs:
        return true;
      case engine::MountType::volume:
        return mount.source.empty() ||
               (!project.volumes.at(mount.source).external && !shared(project.volumes.at(mount.source).name));
      default:
        return false;
    }
  };
  return !joins_another(service.network_mode) && !joins_another(service.pid) && !joins_another(service.ipc) &&
         std::all_of(service.mounts.begin(), service.mounts.end(), stays) &&
         std::none_of(service.networks.begin(), service.networks.end(),
                      [](const auto& network) { return !network.second.aliases.empty(); }) &&
         std::none_of(service.ports.begin(), service.ports.end(),
                      [](const engine::PortBinding& port) { return port.host_port.has_value(); });
}

}  // namespace fresh::compose
