#pragma once

#include <string>
#include <vector>

namespace fresh::cli {

/// The whole program: parses `words`, runs the verb, renders what went wrong, and returns the exit code. The
/// one place where exceptions end.
int run_program(const std::vector<std::string>& words, const char* const* environment);

}  // namespace fresh::cli
