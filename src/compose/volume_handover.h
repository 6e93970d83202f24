#pragma once

#include "compose/plan.h"
#include "engine/engine.h"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace fresh::compose {

/// The anonymous volumes that the containers of a plan take over from those whose place they take. Called
/// from several threads; the plan outlives it.
class VolumeHandover {
 public:
  explicit VolumeHandover(const Plan& plan);

  /// Notes what the old container leaves to its successor, by an inspection; no call where that was noted
  /// before or is nothing.
  void note(const RemoveContainer& removal, engine::EngineReader& engine, const engine::Call& call);

  /// Puts what is handed on to this container in the place of its own anonymous volumes. Where the old one is
  /// still to be removed, it is inspected first.
  void inherit(engine::ContainerSpec& spec, engine::EngineReader& engine, const engine::Call& call);

  /// What a container was to get that is no more than a volume now: its old container is gone.
  std::vector<engine::Mount> orphaned(const std::string& container) const;
  void removed(const RemoveContainer& removal);

 private:
  struct Legacy {
    std::vector<engine::Mount> volumes;
    bool is_orphaned = false;
  };

  std::map<std::string, const RemoveContainer*> removals_;  ///< by successor
  mutable std::mutex mutex_;
  std::map<std::string, Legacy> legacies_;  ///< by successor
};

}  // namespace fresh::compose
