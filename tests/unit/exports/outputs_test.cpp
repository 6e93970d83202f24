#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "exports/checksums.h"
#include "exports/event_log.h"
#include "exports/log_folder.h"
#include "exports/reservation.h"
#include "exports/status.h"
#include "exports/verify.h"
#include "exports/write.h"
#include "unit/exports/sample_report.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <set>

namespace fresh::exports {
namespace {

using Lines = std::vector<std::string>;

class Outputs : public testing::Test {
 protected:
  void write(const RunReport& report) {
    const EventLog events(folder() / "events.jsonl", report.run_id, clock_);
    const LogFolder logs(folder(), clock_);
    write_all(report, folder());
  }
  std::filesystem::path folder() const { return temporary_.path() / "exports" / "r"; }

  /// Changes one file and puts the checksums right again, so that only its content can be complained of.
  void change(const std::string& name, const std::string& from, const std::string& to) {
    std::string text = base::read_file(folder() / name);
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    base::write_file_atomic(folder() / name, text);
    write_checksums(folder());
  }

  base::CommandResult sha256sum() const {
    return base::run_command({.argv = {"sha256sum", "-c", "--strict", "checksums.txt"}, .folder = folder()},
                             {});
  }

  base::TemporaryFolder temporary_;
  base::SystemClock clock_;
};

TEST_F(Outputs, of_a_pass_and_of_a_failure_are_complete) {
  for (const auto& report : {passed_report(), failed_report()}) {
    write(report);
    EXPECT_EQ(verify_outputs(folder()), Lines{});
    EXPECT_EQ(sha256sum().exit_code, 0);
  }
}

TEST_F(Outputs, of_a_run_that_failed_at_once_are_complete) {
  RunReport report{.run_id = "r",
                   .mode = "strict",
                   .failed_gate = "G0_PRECHECK",
                   .reason = "no engine",
                   .remediation = "install one",
                   .exit_code = base::ExitCode::precheck};
  report.gates = {
      {.id = "G0_PRECHECK", .result = "failed", .reason = "no engine", .remediation = "install one"}};
  report.notebooks_tsv = "notebook\tresult\n";
  write(report);
  EXPECT_EQ(verify_outputs(folder()), Lines{});
}

TEST_F(Outputs, checksums_cover_what_is_final_sorted_and_with_odd_names) {
  base::write_file_atomic(folder() / "notebooks" / "b.ipynb", "{}\n");
  base::write_file_atomic(folder() / "notebooks" / "a \\ b\nc.ipynb", "{}\n");
  write(passed_report());
  const std::string text = base::read_file(folder() / "checksums.txt");
  EXPECT_EQ(sha256sum().exit_code, 0) << sha256sum().err;
  EXPECT_NE(text.find("  notebooks/b.ipynb\n"), std::string::npos);
  EXPECT_NE(text.find("  notebooks/a \\\\ b\\nc.ipynb\n"), std::string::npos);
  EXPECT_EQ(text.find("logs/"), std::string::npos);
  EXPECT_EQ(text.find("events.jsonl"), std::string::npos);
  EXPECT_EQ(text.find("checksums.txt"), std::string::npos);
  EXPECT_LT(text.find("environment.txt"), text.find("status.json"));
  EXPECT_EQ(verify_outputs(folder()), Lines{});
}

TEST_F(Outputs, a_file_changed_added_or_removed_afterwards_is_found) {
  write(passed_report());
  base::write_file_atomic(folder() / "environment.txt", "TZ=CET\n");
  base::write_file_atomic(folder() / "extra.txt", "");
  std::filesystem::remove(folder() / "images.json");
  const Lines problems = verify_checksums(folder());
  EXPECT_EQ(problems, (Lines{"'environment.txt' is not what its checksum says",
                             "'checksums.txt' lists 'images.json', which is not there",
                             "'checksums.txt' does not list 'extra.txt'"}));
}

TEST_F(Outputs, each_file_that_is_missing_is_named) {
  for (const std::string name :
       {"status.json", "run_manifest.json", "notebook_run_report.tsv", "checksums.txt", "junit.xml",
        "pipeline_summary.txt", "environment.txt", "images.json", "events.jsonl", "logs/pipeline.log"}) {
    write(passed_report());
    std::filesystem::remove(folder() / name);
    const Lines problems = verify_outputs(folder());
    const std::string named =
        name == "logs/pipeline.log" ? "'logs' holds no log" : fmt::format("'{}' is missing", name);
    EXPECT_NE(std::find(problems.begin(), problems.end(), named), problems.end()) << name;
  }
}

TEST_F(Outputs, contradictions_are_found) {
  const std::vector<std::array<std::string, 4>> cases{
      {"status.json", "\"result\": \"PASS\"", "\"result\": \"FAIL\"", "contradicts itself"},
      {"status.json", "\"exit_code\": 0", "\"exit_code\": 50", "contradicts itself"},
      {"status.json", "\"seed\": 42", "\"seed\": \"42\"", "another type of value at '/seed'"},
      {"status.json", "\"grade\": \"A\",", "", "has no '/grade'"},
      {"status.json", "\"total\": 2", "\"total\": 3", "do not add up"},
      {"status.json", "\"determinism_gate\": \"pass\"", "\"determinism_gate\": \"fail\"",
       "determinism gate did not pass"},
      {"status.json", "\"result\": \"passed\"", "\"result\": \"not_reached\"",
       "gate 'G0_PRECHECK' is 'not_reached'"},
      {"status.json", "}\n", "", "is no JSON object"},
      {"run_manifest.json", "20261121T061914Z-3f9a2c", "another", "disagree on 'run_id'"},
      {"images.json", "20261121T061914Z-3f9a2c", "another", "'images.json' disagree on 'run_id'"},
      {"notebook_run_report.tsv", "notebooks/b.ipynb\tpassed\n", "", "has 1 rows, 'status.json' says 2"},
      {"notebook_run_report.tsv", "b.ipynb\tpassed", "b.ipynb", "row 2 of 'notebook_run_report.tsv'"},
      {"pipeline_summary.txt", "\nPASS run=", "\nFAIL run=", "does not end with the final line"},
      {"junit.xml", "</testsuites>\n", "", "'junit.xml' is not complete"},
      {"events.jsonl", "version", "x", "does not begin with its version"},
  };
  for (const auto& [name, from, to, complaint] : cases) {
    write(passed_report());
    change(name, from, to);
    std::string all;
    for (const auto& problem : verify_outputs(folder())) {
      all += problem + "\n";
    }
    EXPECT_NE(all.find(complaint), std::string::npos) << name << " " << from << "\n" << all;
  }
}

TEST_F(Outputs, a_failed_gate_without_a_remedy_is_found) {
  RunReport report = failed_report();
  report.gates[1].remediation = "";
  write(report);
  EXPECT_EQ(verify_outputs(folder()), Lines{"the failed gate 'G8_NOTEBOOKS' has no remediation"});
}

TEST_F(Outputs, a_folder_that_cannot_be_is_said) {
  base::write_file_atomic(temporary_.path() / "exports", "a file");
  try {
    write_all(passed_report(), folder());
    FAIL() << "written";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::outputs);
  }
}

TEST_F(Outputs, no_temporary_file_is_left) {
  write(passed_report());
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    names.insert(entry.path().filename());
  }
  EXPECT_EQ(names, (std::set<std::string>{"checksums.txt", "environment.txt", "events.jsonl", "images.json",
                                          "junit.xml", "logs", "notebook_run_report.tsv",
                                          "pipeline_summary.txt", "run_manifest.json", "status.json"}));
}

TEST_F(Outputs, that_cannot_all_be_written_have_status_json_and_are_named) {
  base::write_file_atomic(folder() / "images.json" / "in the way", "x");
  base::write_file_atomic(folder() / "junit.xml" / "in the way", "x");
  EXPECT_THROW(write_all(failed_report(), folder()), base::Error);
  const Lines failures = write_possible(failed_report(), folder());
  ASSERT_EQ(failures.size(), 2U);
  EXPECT_NE(failures[0].find("junit.xml"), std::string::npos) << failures[0];
  EXPECT_NE(failures[1].find("images.json"), std::string::npos) << failures[1];
  EXPECT_EQ(base::read_file(folder() / "status.json"), status_json(failed_report()));
  EXPECT_TRUE(std::filesystem::exists(folder() / "pipeline_summary.txt"));
}

TEST_F(Outputs, a_reservation_holds_room_and_leaves_nothing) {
  {
    Reservation reserved(folder(), 1 << 16);
    EXPECT_EQ(std::filesystem::file_size(folder() / Reservation::file_name), 1U << 16U);
    EXPECT_EQ(checksums_text(folder()), "");
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder()));
}

}  // namespace
}  // namespace fresh::exports
