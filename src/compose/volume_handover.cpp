#include "compose/volume_handover.h"

#include "compose/anonymous_volumes.h"
#include "engine/labels.h"

#include <algorithm>

namespace fresh::compose {

VolumeHandover::VolumeHandover(const Plan& plan) {
  for (const auto& step : plan.steps) {
    const auto* removal = std::get_if<RemoveContainer>(&step.request);
    if (removal != nullptr && (!removal->handed_on.empty() || !removal->unseen_image.empty())) {
      removals_.emplace(removal->successor, removal);
    }
  }
}

void VolumeHandover::note(const RemoveContainer& removal, engine::EngineReader& engine,
                          const engine::Call& call) {
  {
    const std::scoped_lock lock(mutex_);
    if (!removals_.contains(removal.successor) || legacies_.contains(removal.successor)) {
      return;
    }
  }
  std::set<std::string> targets = removal.handed_on;
  if (const auto image =
          removal.unseen_image.empty() ? std::nullopt : engine.find_image(removal.unseen_image, call)) {
    targets.insert(image->volumes.begin(), image->volumes.end());
  }
  const auto old = engine.find_container(removal.container, call);
  std::vector<engine::Mount> volumes = old ? old->mounts : std::vector<engine::Mount>();
  std::erase_if(volumes, [&](const engine::Mount& mount) {
    return !is_anonymous_volume(mount) || !targets.contains(mount.target);
  });
  const std::scoped_lock lock(mutex_);
  legacies_.emplace(removal.successor, Legacy{.volumes = std::move(volumes)});
}

void VolumeHandover::inherit(engine::ContainerSpec& spec, engine::EngineReader& engine,
                             const engine::Call& call) {
  const auto removal = removals_.find(spec.name);
  if (removal == removals_.end()) {
    return;
  }
  note(*removal->second, engine, call);
  const std::scoped_lock lock(mutex_);
  for (const auto& volume : legacies_.at(spec.name).volumes) {
    const auto own = std::find_if(spec.mounts.begin(), spec.mounts.end(),
                                  [&](const engine::Mount& mount) { return mount.target == volume.target; });
    if (own != spec.mounts.end()) {
      if (own->type != engine::MountType::volume || !own->source.empty()) {
        continue;
      }
      spec.mounts.erase(own);
    }
    spec.mounts.push_back(volume);
    auto& names = spec.labels[engine::labels::inherited_volumes];
    names += (names.empty() ? "" : ",") + volume.source;
  }
  std::sort(spec.mounts.begin(), spec.mounts.end(),
            [](const engine::Mount& a, const engine::Mount& b) { return a.target < b.target; });
}

std::vector<engine::Mount> VolumeHandover::orphaned(const std::string& container) const {
  const std::scoped_lock lock(mutex_);
  const auto found = legacies_.find(container);
  return found == legacies_.end() || !found->second.is_orphaned ? std::vector<engine::Mount>()
                                                                : found->second.volumes;
}

void VolumeHandover::removed(const RemoveContainer& removal) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = legacies_.find(removal.successor); found != legacies_.end()) {
    found->second.is_orphaned = true;
  }
}

}  // namespace fresh::compose
