#pragma once

#include <string>
#include <vector>

namespace fresh::cli {

/// The hint to an error of the command line: the word of `known` nearest to one of `unknown`, else the help
/// page of `verb` (empty: of the program).
std::string suggestion(const std::vector<std::string>& unknown, const std::vector<std::string>& known,
                       const std::string& verb);

}  // namespace fresh::cli
