#pragma once

#include "engine/engine.h"

#include <optional>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// Runs a command of the image in a running container; nothing when the image has no such program. Throws
/// EngineError for all else that the engine refuses.
std::optional<engine::ExecResult> run_tool(engine::Engine& engine, const std::string& container,
                                           std::vector<std::string> command, const engine::Call& call);

/// What a command said, on both streams, without the blanks around it.
std::string said(const engine::ExecResult& result);

}  // namespace fresh::pipeline
