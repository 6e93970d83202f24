#include "cli/help_pages.h"

#include <sstream>

namespace fresh::cli {

std::string help_footer(std::string_view verb) {
  std::istringstream page{std::string(help_page(verb))};
  std::string footer;
  bool wanted = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) {
      wanted = line.starts_with("## Example") || line == "## Exit status";
      if (wanted) {
        footer += (footer.empty() ? "" : "\n") + line.substr(3) + ":\n";
      }
    } else if (wanted && !line.empty() && !line.starts_with("```")) {
      footer += "  " + line + "\n";
    }
  }
  return footer;
}

}  // namespace fresh::cli
