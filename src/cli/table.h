#pragma once

#include <string>
#include <vector>

namespace fresh::cli {

/// Rows as aligned columns, two blanks between; the first row is the heading.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace fresh::cli
