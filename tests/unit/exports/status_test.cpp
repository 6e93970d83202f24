#include "exports/status.h"

#include "unit/exports/sample_report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fresh::exports {
namespace {

using nlohmann::json;

TEST(StatusJson, has_the_keys_and_types_of_the_seed) {
  const json status = json::parse(status_json(passed_report()));
  EXPECT_EQ(status["run_id"], "20261121T061914Z-3f9a2c");
  EXPECT_EQ(status["commit_sha"], std::string("0123456789012345678901234567890123456789"));
  EXPECT_EQ(status["seed"], 42);
  EXPECT_EQ(status["result"], "PASS");
  EXPECT_TRUE(status["failed_gate"].is_null());
  EXPECT_EQ(status["started_at_utc"], "2026-11-21T06:19:14.123Z");
  EXPECT_EQ(status["ended_at_utc"], "2026-11-21T06:22:26.523Z");
  EXPECT_EQ(status["duration_seconds"], 192);
  EXPECT_TRUE(status["duration_seconds"].is_number_integer());
  EXPECT_EQ(status["services"], (json{{"analytics_api", "healthy"}, {"janusgraph", "healthy"}}));
  EXPECT_EQ(status["notebooks"], (json{{"total", 2}, {"pass", 2}, {"fail", 0}, {"not_applicable", 0}}));
  EXPECT_EQ(status["determinism_gate"], "pass");
}

TEST(StatusJson, a_failure_names_gate_reason_and_remedy) {
  const json status = json::parse(status_json(failed_report()));
  EXPECT_EQ(status["result"], "FAIL");
  EXPECT_EQ(status["failed_gate"], "G8_NOTEBOOKS");
  EXPECT_EQ(status["exit_code"], 50);
  EXPECT_EQ(status["determinism_gate"], "fail");
  EXPECT_EQ(status["notebooks"]["fail"], 1);
  EXPECT_EQ(status["gates"][1]["remediation"], "open exports/r/notebooks/b.ipynb and look at cell 3");
}

TEST(StatusJson, is_sorted_indented_and_ends_with_a_newline) {
  const std::string text = status_json(passed_report());
  EXPECT_TRUE(text.starts_with("{\n  \"commit_sha\": "));
  EXPECT_TRUE(text.ends_with("\n}\n"));
  EXPECT_EQ(text, status_json(passed_report()));
}

TEST(StatusJson, skipped_notebooks_never_pass_the_determinism_gate) {
  RunReport report = passed_report();
  report.notebooks_skipped = true;
  const json status = json::parse(status_json(report));
  EXPECT_EQ(status["determinism_gate"], "fail");
  EXPECT_EQ(status["notebooks_skipped"], true);
}

TEST(StatusJson, one_unhealthy_of_two_services_with_one_identifier_shows) {
  RunReport report = passed_report();
  report.services = {{"a-b", false}, {"a_b", true}};
  EXPECT_EQ(json::parse(status_json(report))["services"], (json{{"a_b", "unhealthy"}}));
}

TEST(StatusJson, text_that_is_no_utf8_is_replaced) {
  RunReport report = failed_report();
  report.reason = "bad \xff byte";
  EXPECT_EQ(json::parse(status_json(report))["reason"], "bad \xEF\xBF\xBD byte");
}

TEST(Count, what_did_not_pass_failed) {
  std::vector<NotebookReport> notebooks(5);
  notebooks[0].result = "passed";
  notebooks[1].result = "not_applicable";
  notebooks[2].result = "failed";
  notebooks[3].result = "not_reached";
  const NotebookCounts counts = count(notebooks);
  EXPECT_EQ(counts.total, 5);
  EXPECT_EQ(counts.pass, 1);
  EXPECT_EQ(counts.not_applicable, 1);
  EXPECT_EQ(counts.fail, 3);
}

TEST(FinalLine, of_a_pass) {
  EXPECT_EQ(final_line(passed_report()), "PASS run=20261121T061914Z-3f9a2c fingerprint=aaaaaaaaaaaa 3m12s");
}

TEST(FinalLine, of_a_failure_is_one_line_without_escapes) {
  RunReport report = failed_report();
  report.reason += "\nsecond line";
  EXPECT_EQ(final_line(report),
            "FAIL run=20261121T061914Z-3f9a2c gate=G8_NOTEBOOKS exit=50 3m12s: notebook 'notebooks/b.ipynb' "
            "failed in "
            "cell 3: ValueError second line");
}

TEST(FinalLine, of_a_diagnostic_run_says_so) {
  RunReport report = passed_report();
  report.notebooks_skipped = true;
  report.fingerprint = "";
  EXPECT_EQ(final_line(report),
            "PASS run=20261121T061914Z-3f9a2c fingerprint=none 3m12s (diagnostics: notebooks were skipped)");
}

}  // namespace
}  // namespace fresh::exports
