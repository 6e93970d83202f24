#include "exports/spec.h"

namespace fresh::exports {

NotebookCounts count(const std::vector<NotebookReport>& notebooks) {
  NotebookCounts counts;
  for (const auto& notebook : notebooks) {
    ++counts.total;
    if (notebook.result == "passed") {
      ++counts.pass;
    } else if (notebook.result == "not_applicable") {
      ++counts.not_applicable;
    } else {
      ++counts.fail;
    }
  }
  return counts;
}

}  // namespace fresh::exports
