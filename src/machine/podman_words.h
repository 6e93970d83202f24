#pragma once

#include "base/clock.h"
#include "base/process.h"
#include "machine/observe.h"

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::machine {

/// Runs `podman` with these arguments and returns whatever came of it.
base::CommandResult ask_podman(const PodmanCommand& podman, const std::vector<std::string>& arguments,
                               base::Milliseconds deadline, const std::stop_token& stop);

/// What to do about a refusal of podman that is known; empty for others. Pure.
std::string known_remedy(std::string_view podman_says);

/// The last line that is not empty, without podman's `Error: `.
std::string last_words(std::string_view text);

/// Throws Error (machine) for a podman command that failed, with its last words and the known remedy.
[[noreturn]] void refuse_result(const std::vector<std::string>& arguments, const base::CommandResult& result);

}  // namespace fresh::machine
