#pragma once

#include "engine/engine.h"
#include "pipeline/contract.h"
#include "pipeline/violation.h"

#include <string>
#include <string_view>
#include <vector>

namespace fresh::pipeline {

/// What was found in one container.
struct ContractResult {
  std::vector<Violation> violations = {};  ///< empty when it holds
  std::vector<std::string> facts = {};     ///< worth telling although all is well: `TOKEN has 64 characters`
};

/// Checks one contract in a running container, all but `stays_healthy`: by exec, by the engine's list of
/// processes, by HTTP. `call` bounds each question. A container that ends meanwhile is a violation; throws
/// EngineError only when the engine is gone.
ContractResult check_contract(const Contract& contract, const engine::Container& container,
                              engine::Engine& engine, const engine::Call& call);

/// Whether something listens on a TCP port, from /proc/net/tcp and /proc/net/tcp6 (pure).
bool listens(std::string_view proc_net_tcp, int port);

}  // namespace fresh::pipeline
