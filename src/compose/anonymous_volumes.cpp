#include "compose/anonymous_volumes.h"

#include <algorithm>

namespace fresh::compose {

std::set<std::string> anonymous_targets(const Service& service, const engine::Image* image) {
  std::set<std::string> targets;
  if (image != nullptr) {
    targets.insert(image->volumes.begin(), image->volumes.end());
  }
  for (const auto& mount : service.mounts) {
    if (mount.type == engine::MountType::volume && mount.source.empty()) {
      targets.insert(mount.target);
    } else {
      targets.erase(mount.target);
    }
  }
  return targets;
}

bool is_anonymous_volume(const engine::Mount& mount) {
  constexpr std::size_t digits = 64;
  return mount.type == engine::MountType::volume && mount.source.size() == digits &&
         mount.source.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace fresh::compose
