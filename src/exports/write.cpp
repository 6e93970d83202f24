#include "exports/write.h"

#include "base/error.h"
#include "base/file.h"
#include "exports/checksums.h"
#include "exports/junit.h"
#include "exports/manifest.h"
#include "exports/status.h"
#include "exports/summary.h"

namespace fresh::exports {
namespace {

/// A run that ended before its notebooks still has the report, with its heading only.
constexpr const char* empty_report = "notebook\tresult\tseconds\treason\n";

}  // namespace

void write_all(const RunReport& report, const std::filesystem::path& folder) {
  const base::Doing doing("writing the outputs to '{}'", folder.string());
  base::write_file_atomic(folder / "images.json", images_json(report));
  base::write_file_atomic(folder / "environment.txt", environment_text(report));
  base::write_file_atomic(folder / "notebook_run_report.tsv",
                          report.notebooks_tsv.empty() ? empty_report : report.notebooks_tsv);
  base::write_file_atomic(folder / "junit.xml", junit_xml(report));
  base::write_file_atomic(folder / "run_manifest.json", manifest_json(report));
  base::write_file_atomic(folder / "pipeline_summary.txt", summary_text(report));
  base::write_file_atomic(folder / "status.json", status_json(report));
  write_checksums(folder);
}

}  // namespace fresh::exports
