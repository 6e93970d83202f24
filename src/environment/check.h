#pragma once

#include <string>
#include <vector>

namespace fresh::environment {

/// One finding of the pre-checks (gate G0_PRECHECK). `remedy` is a command or an action; empty when it is ok.
struct Check {
  std::string id;  ///< `tool:podman`, `disk:/var/lib`, `writable:exports`
  bool ok = false;
  std::string found;
  std::string expected;
  std::string remedy;
};

/// Those that are not ok.
std::vector<Check> failed(const std::vector<Check>& checks);

}  // namespace fresh::environment
