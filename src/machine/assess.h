#pragma once

#include "engine/types.h"
#include "machine/spec.h"

#include <string>
#include <vector>

namespace fresh::machine {

/// One figure of a machine against what was declared or demanded.
struct Figure {
  std::string subject;   ///< `cpus`, `memory`, `disk`
  std::string expected;  ///< `at least 2 (machine.minimum)`, `at least 999 (--podman-cpus)`
  std::string found;     ///< `4`, `6144 MiB`, `unknown`
  bool ok = false;
};

/// Whether an engine's host is large enough. `failures` and `notes` are sentences for people; `remedy` is set
/// when it is not ok. A failed verdict ends G1_PODMAN with exit code 20.
struct Verdict {
  bool ok = false;
  std::vector<Figure> figures;
  std::vector<std::string> failures;
  std::vector<std::string> notes;
  std::string remedy;
};

/// Judges a native engine by what it reports (gate G1): less than the minimum or than a flag's
/// number fails, less than the wanted size is a note, and so is a figure that the engine does not tell
/// (Docker tells no free disk). Memory is the host's total, disk the free space of the engine's storage.
Verdict assess(const MachineSpec& spec, const MachineDemand& demand, const engine::Info& info);

}  // namespace fresh::machine
