#include "notebooks/report.h"

#include <fmt/format.h>

#include <algorithm>

namespace fresh::notebooks {
namespace {

std::string field(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\\') {
      out += "\\\\";
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string_view shown(Status status) {
  switch (status) {
    case Status::pass:
      return "pass";
    case Status::fail:
      return "fail";
    case Status::timeout:
      return "timeout";
    case Status::kernel_died:
      return "kernel_died";
    case Status::oom:
      return "oom";
    case Status::not_applicable:
      return "not_applicable";
    case Status::not_reached:
      return "not_reached";
    case Status::error:
      break;
  }
  return "error";
}

std::size_t NotebookReport::count(Status status) const {
  return static_cast<std::size_t>(std::count_if(notebooks.begin(), notebooks.end(),
                                                [=](const auto& result) { return result.status == status; }));
}

bool NotebookReport::passed() const {
  return count(Status::pass) > 0 && count(Status::pass) + count(Status::not_applicable) == notebooks.size();
}

std::string report_tsv(const NotebookReport& report) {
  std::vector<const NotebookResult*> sorted;
  for (const NotebookResult& result : report.notebooks) {
    sorted.push_back(&result);
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->path < b->path; });
  std::string out =
      "notebook\tstatus\tcell\tcells_ok\tcells_total\tseconds\texit_code\tpeak_memory_bytes\treason\n";
  for (const NotebookResult* result : sorted) {
    out +=
        fmt::format("{}\t{}\t{}\t{}\t{}\t{:.3f}\t{}\t{}\t{}\n", field(result->path), shown(result->status),
                    result->cell > 0 ? std::to_string(result->cell) : "", result->cells_ok,
                    result->cells_total, std::chrono::duration<double>(result->took).count(),
                    result->exit_code ? std::to_string(*result->exit_code) : "",
                    result->peak_memory ? std::to_string(*result->peak_memory) : "", field(result->reason));
  }
  return out;
}

}  // namespace fresh::notebooks
