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

/// A container that could not be made because another has its name: whose that one is (exit code `deploy`).
base::Error refused_name(engine::EngineReader& reader, const engine::EngineError& error, const Step& step,
                         const engine::ContainerSpec& spec);

/// A hook that ended with another code than 0, with what it wrote (exit code `deploy`).
base::Error failed_hook(const Step& step, const engine::ExecRequest& command,
                        const engine::ExecResult& result);

/// A start that the engine refused, with the port, the service and who has the port where one is taken (exit
/// code `deploy`).
base::Error refused_start(engine::EngineReader& reader, const engine::EngineError& error, const Step& step,
                          const engine::ContainerSpec* spec);

/// A service that is started again and again, ended although it should run, or ended with another code than 0
/// (exit code `deploy`).
base::Error ended_service(engine::EngineReader& reader, const std::string& service,
                          const engine::Container& container);

/// A gate that did not open: verdict, last probe, last lines (exit code `contract`).
base::Error closed_gate(engine::EngineReader& reader, const std::string& service,
                        const std::string& container, const GatePolicy& policy, const GateResult& result);

}  // namespace fresh::compose
