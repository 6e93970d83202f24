#pragma once

#include "compose/decide.h"
#include "compose/step_list.h"

namespace fresh::compose {

/// The networks and volumes of the services that are brought up: what is missing is created, a network whose
/// settings changed is made anew.
class ResourceSteps {
 public:
  ResourceSteps(const Project& project, const Observed& observed, const Decisions& decisions, StepList& steps)
      : project_(project), observed_(observed), decisions_(decisions), steps_(steps) {}

  /// Throws base::Error (deploy) for an external one that does not exist.
  void create_missing();
  /// `removals`: the containers that go; a network cannot while one is on it.
  void renew_changed(const Indices& removals);
  /// The creations that a container of the service needs.
  Indices needed_by(const Service& service) const;

 private:
  bool is_used(const std::string& network) const;
  void create_network(const Network& network);
  void create_volume(const Volume& volume);

  const Project& project_;
  const Observed& observed_;
  const Decisions& decisions_;
  StepList& steps_;
  std::map<std::string, std::size_t> created_;  // by subject
};

}  // namespace fresh::compose
