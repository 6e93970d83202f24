#pragma once

#include <string>
#include <vector>

namespace fresh::cli {

/// Why a flag of docker compose that one of these words is has no meaning in `verb` here, and what to do;
/// empty when it is none.
std::string why_refused(const std::string& verb, const std::vector<std::string>& words);

}  // namespace fresh::cli
