#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "environment/installed.h"
#include "environment/run.h"

#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::environment {

/// What a provider works with.
struct Task {
  const EnvironmentSpec& spec;
  const std::filesystem::path& project;
  const ToolFacts& facts;
  const base::EventSink& sink;
  const base::Clock& clock;
  const std::stop_token& stop;
};

/// Runs a tool as a step of its own and returns what it printed; its lines become log events. Throws Error
/// (precheck) with its last words and, for hash mismatches and dead networks, what to do.
std::string run_tool(const Task& task, const std::string& text, std::vector<std::string> argv);

/// The text of the lock that `provider` declares. Throws Error (precheck) with the command that makes it when
/// missing.
std::string read_lock(const Task& task, Provider provider);

/// uv and venv: makes `.fresh-clone/venv` equal to the lock. conda: the same for `.fresh-clone/conda`.
void ensure_virtual_environment(const Task& task, Provider provider, EnvironmentReport& report);
void ensure_conda(const Task& task, EnvironmentReport& report);

}  // namespace fresh::environment
