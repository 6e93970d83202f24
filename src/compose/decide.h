#pragma once

#include "compose/plan.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace fresh::compose {

enum class Action { keep, create, recreate, start, restart, remove };

/// What is to be done about one container, and why.
struct Decision {
  Action action = Action::keep;
  std::string service;
  int number = 1;
  std::string name;           ///< of the container
  std::string old_name = {};  ///< of the one to be removed, when it differs
  std::string cause = {};
  bool was_running = false;
  bool surplus = false;  ///< of one to be removed: another one has its number
};

struct Decisions {
  std::vector<std::string> order;                         ///< services to bring up, dependencies first
  std::map<std::string, std::vector<Decision>> services;  ///< by service, by number; surplus ones last
  std::vector<Decision> orphans;
  std::set<std::string> networks_anew;  ///< keys of networks whose settings changed
  std::vector<std::string> notes;
};

/// True when a dependent waits for this service to complete, or it ended with 0 under an explicit `restart:
/// no`.
bool is_completed(const Service& service, const Project& project, const engine::Container& container);

/// Gives services the number of containers that a command asked for. Throws base::Error (precheck) for a
/// service that the project does not have and for more than one container of a service with `container_name`.
void set_scale(Project& project, const std::map<std::string, int>& scale);

/// The services that a command names (all when it names none), with all that they depend on where asked; each
/// after what it depends on. Throws base::Error (precheck) for one that the project does not have.
std::vector<std::string> meant_in_order(const Project& project, const std::vector<std::string>& services,
                                        bool dependencies);

/// Compares project and snapshot, container by container (pure; recreates what docker compose would).
Decisions decide(const Project& project, const Observed& observed, const PlanOptions& options);

}  // namespace fresh::compose
