#pragma once

#include "machine/observe.h"
#include "machine/spec.h"

#include <string>
#include <vector>

namespace fresh::machine {

/// One `podman machine ...` command.
struct Step {
  std::string verb;                    ///< `init`, `stop`, `set`, `start`
  std::string subject;                 ///< `machine:podman-wxd`
  std::string cause;                   ///< `does not exist`, `cpus 2 -> 4`
  std::vector<std::string> arguments;  ///< the words after `podman`
  auto operator<=>(const Step&) const = default;
};

/// What makes the machine as declared; empty steps and no refusal mean that it already is. A refusal says
/// what cannot be done, and `remedy` the one thing the user can do.
struct Plan {
  std::vector<Step> steps;
  std::string refusal;
  std::string remedy;
  std::vector<std::string> notes;

  bool empty() const { return steps.empty() && refusal.empty(); }
};

/// The differences between the declared machine and the one that is there (pure). cpus and memory are made
/// equal, the disk only grows; a running machine is stopped before it is set, and the machine runs at the
/// end. Refused: a smaller disk, a half-made machine, one that is just starting, an image file name that
/// another machine uses (Podman 4.3 would give both one disk).
Plan plan(const MachineSpec& spec, const ObservedMachines& observed);

/// One line a step: `set machine:podman-wxd (cpus 2 -> 4)`.
std::string to_string(const Plan& plan);

}  // namespace fresh::machine
