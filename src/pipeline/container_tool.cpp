#include "pipeline/container_tool.h"

#include "base/lines.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace fresh::pipeline {
namespace {

/// What runc and crun say, through either engine.
bool says_missing(std::string_view text) {
  constexpr std::array<std::string_view, 3> words{"executable file not found", "executable file `",
                                                  "no such file or directory"};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

std::optional<engine::ExecResult> run_tool(engine::Engine& engine, const std::string& container,
                                           std::vector<std::string> command, const engine::Call& call) {
  try {
    auto result = engine.exec(container, {.command = std::move(command)}, {}, call);
    const bool refused = result.exit_code == 126 || result.exit_code == 127;
    if (refused && says_missing(result.out + result.err)) {
      return std::nullopt;
    }
    return result;
  } catch (const engine::EngineError& error) {
    if (!error.is_lost() && says_missing(error.message())) {
      return std::nullopt;
    }
    throw;
  }
}

std::string said(const engine::ExecResult& result) {
  const std::string all = result.err + result.out;
  return std::string(base::trimmed(all));
}

}  // namespace fresh::pipeline
