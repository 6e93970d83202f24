#include "environment/tool_run.h"

#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "base/step_scope.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>
#include <deque>
#include <sstream>
#include <utility>

namespace fresh::environment {
namespace {

constexpr base::Milliseconds tool_deadline = std::chrono::minutes(20);
constexpr const char* subject = "environment:python";

/// What would bring in packages from elsewhere, or another interpreter, whatever the user's settings say.
std::map<std::string, std::string> hermetic() {
  std::map<std::string, std::string> environment{{"UV_PYTHON_DOWNLOADS", "never"}, {"PYTHONNOUSERSITE", "1"}};
  for (const char* name : {"PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_TARGET", "PIP_PREFIX", "PIP_USER",
                           "PIP_ROOT", "PIP_CONSTRAINT", "PIP_REQUIREMENT", "PIP_PYTHON", "UV_FIND_LINKS",
                           "UV_CONSTRAINT", "UV_OVERRIDE", "PYTHONPATH", "PYTHONHOME"}) {
    environment[name] = "";
  }
  return environment;
}

std::string hint_for(const std::string& words, const std::string& tool) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> known{{
      {"DO NOT MATCH THE HASHES",
       "the index serves another file than the lock names: find out why, then lock anew"},
      {"Hash mismatch", "the index serves another file than the lock names: find out why, then lock anew"},
      {"needs to be updated", "run 'uv lock' and commit uv.lock"},
      {"--require-hashes mode",
       "lock all packages, also those that others need ('uv pip compile --generate-hashes')"},
      {"no such option", "install a newer pip"},
      {"No space left", "free disk space"},
  }};
  for (const auto& [text, hint] : known) {
    if (words.find(text) != std::string::npos) {
      return std::string(hint);
    }
  }
  return fmt::format("look at the output of '{}' above; if it could not reach its index, check the network",
                     tool);
}

/// The last lines that say something, on one line.
std::string last_lines(const std::string& text) {
  constexpr std::size_t count = 3;
  std::deque<std::string> last;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto begin = line.find_first_not_of(" \r\t");
    if (begin != std::string::npos) {
      last.push_back(line.substr(begin));
    }
    if (last.size() > count) {
      last.pop_front();
    }
  }
  return fmt::format("{}", fmt::join(last, " | "));
}

std::string how_to_lock(Provider provider, const std::string& lock) {
  if (provider == Provider::conda) {
    return fmt::format("write it with 'conda env export --channel conda-forge > {}'", lock);
  }
  return fmt::format("make it with 'uv pip compile --generate-hashes requirements.in -o {}'", lock);
}

}  // namespace

std::string run_tool(const Task& task, const std::string& text, std::vector<std::string> argv) {
  const base::Doing doing("{}", text);
  base::StepScope scope(task.sink, task.clock, subject, text);
  const std::string tool = argv.front();
  const auto log = [&](std::string_view line) {
    task.sink({.type = base::event_type::log_line, .subject = subject, .text = std::string(line)});
  };
  const auto result = base::run_command({.argv = std::move(argv),
                                         .folder = task.project,
                                         .environment = hermetic(),
                                         .deadline = tool_deadline,
                                         .on_line = log},
                                        task.stop);
  if (result.timed_out || result.exit_code != 0) {
    const std::string words = result.err.empty() ? result.out : result.err;
    throw base::Error(base::ExitCode::precheck,
                      result.timed_out
                          ? fmt::format("'{}' did not end in {}", tool, base::shown(tool_deadline))
                          : fmt::format("'{}' failed with {}: {}", tool, result.exit_code, last_lines(words)),
                      hint_for(words, tool));
  }
  scope.finish("ok");
  return result.out;
}

std::string read_lock(const Task& task, Provider provider) {
  const auto path = task.spec.lock(provider);
  auto text = base::read_file_if_exists(task.project / path);
  if (!text) {
    throw base::Error(base::ExitCode::precheck, fmt::format("the lock '{}' does not exist", path.string()),
                      how_to_lock(provider, path.string()));
  }
  return *std::move(text);
}

}  // namespace fresh::environment
