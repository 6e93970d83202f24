#pragma once

#include "base/error.h"
#include "compose/health.h"
#include "compose/plan.h"
#include "engine/engine.h"

#include <string>

namespace fresh::compose {

/// An exit code for people: `exit code 137 (killed by SIGKILL, out of memory)`.
std::string shown_exit(int exit_code, bool out_of_memory);

/// The last lines that a container wrote, each indented, or a word that there are none. Never throws.
std::string last_lines(engine::EngineReader& reader, const std::string& container, int count);

/// A start that the engine refused, with the port and service where a port is taken (exit code `deploy`).
base::Error refused_start(const engine::EngineError& error, const Step& step,
                          const engine::ContainerSpec* spec);

/// A service that ended although it should run, or ended with another code than 0 (exit code `deploy`).
base::Error ended_service(engine::EngineReader& reader, const std::string& service,
                          const engine::Container& container);

/// A gate that did not open: verdict, last probe, last lines (exit code `contract`).
base::Error closed_gate(engine::EngineReader& reader, const std::string& service,
                        const std::string& container, const GatePolicy& policy, const GateResult& result);

}  // namespace fresh::compose
