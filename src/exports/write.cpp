#include "exports/write.h"

#include "base/error.h"
#include "base/file.h"
#include "exports/checksums.h"
#include "exports/junit.h"
#include "exports/manifest.h"
#include "exports/status.h"
#include "exports/summary.h"

#include <algorithm>
#include <array>

namespace fresh::exports {
namespace {

struct Output {
  const char* name;
  std::string (*text)(const RunReport&);
};

/// In the order of writing: status.json last, so that where it is the others are.
constexpr std::array outputs{
    Output{"images.json", images_json},
    Output{"environment.txt", environment_text},
    Output{"notebook_run_report.tsv", [](const RunReport& report) { return report.notebooks_tsv; }},
    Output{"junit.xml", junit_xml},
    Output{"run_manifest.json", manifest_json},
    Output{"pipeline_summary.txt", summary_text},
    Output{"status.json", status_json},
};

}  // namespace

void write_all(const RunReport& report, const std::filesystem::path& folder) {
  const base::Doing doing("writing the outputs to '{}'", folder.string());
  for (const Output& output : outputs) {
    base::write_file_atomic(folder / output.name, output.text(report));
  }
  write_checksums(folder);
}

std::vector<std::string> write_possible(const RunReport& report, const std::filesystem::path& folder) {
  std::vector<std::string> failures;
  const auto attempt = [&](const auto& write) {
    try {
      write();
    } catch (const base::Error& error) {
      failures.push_back(error.message());
    }
  };
  std::for_each(outputs.rbegin(), outputs.rend(), [&](const Output& output) {
    attempt([&] { base::write_file_atomic(folder / output.name, output.text(report)); });
  });
  attempt([&] { write_checksums(folder); });
  return failures;
}

}  // namespace fresh::exports
