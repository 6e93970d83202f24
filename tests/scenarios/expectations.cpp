#include "scenarios/expectations.h"

#include "base/process.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace fresh::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::vector<std::string> gate_ids{
    "G0_PRECHECK",         "G1_PODMAN", "G2_ENV",       "G3_RESET",       "G4_BUILD",  "G5_DEPLOY_VAULT",
    "G6_RUNTIME_CONTRACT", "G7_SEED",   "G8_NOTEBOOKS", "G9_DETERMINISM", "G10_STATUS"};

void expect_events(const fs::path& file, int exit_code) {
  std::istringstream lines(base::read_file(file));
  std::int64_t last_seq = -1;
  json event;
  for (std::string line; std::getline(lines, line);) {
    event = json::parse(line, nullptr, false);
    ASSERT_FALSE(event.is_discarded()) << "events.jsonl has a line that is no JSON: " << line;
    if (last_seq < 0) {
      EXPECT_EQ(event, json({{"schema", 1}, {"type", "version"}}));
      last_seq = 0;
      continue;
    }
    ASSERT_EQ(event.value("seq", std::int64_t{-1}), last_seq + 1) << line;
    last_seq = event["seq"];
  }
  EXPECT_EQ(event.value("type", ""), "run.finished");
  EXPECT_EQ(event.value("exit_code", -1), exit_code);
}

}  // namespace

void expect_outputs(const RunOutcome& outcome) {
  for (const char* name :
       {"status.json", "run_manifest.json", "notebook_run_report.tsv", "checksums.txt",
        "pipeline_summary.txt", "events.jsonl", "junit.xml", "environment.txt", "images.json", "logs"}) {
    EXPECT_TRUE(fs::exists(outcome.folder / name)) << name << " is missing";
  }
  const auto sums = base::run_command(
      {.argv = {"sha256sum", "--check", "--strict", "--quiet", "checksums.txt"}, .folder = outcome.folder},
      {});
  EXPECT_EQ(sums.exit_code, 0) << sums.out << sums.err;
  expect_events(outcome.folder / "events.jsonl", outcome.ended.exit_code);
  const json status = outcome.status();
  EXPECT_EQ(status.value("run_id", ""), outcome.id);
  for (const char* key :
       {"commit_sha", "seed", "result", "failed_gate", "started_at_utc", "ended_at_utc", "duration_seconds",
        "services", "notebooks", "determinism_gate", "schema", "gates"}) {
    EXPECT_TRUE(status.contains(key)) << "status.json has no '" << key << "'";
  }
}

void expect_pass(const RunOutcome& outcome) {
  ASSERT_EQ(outcome.ended.exit_code, 0) << outcome.ended.out << outcome.ended.err;
  EXPECT_TRUE(outcome.last_line().starts_with("PASS run=" + outcome.id)) << outcome.last_line();
  const json status = outcome.status();
  EXPECT_EQ(status.value("result", ""), "PASS");
  EXPECT_TRUE(status["failed_gate"].is_null());
  EXPECT_EQ(status.value("determinism_gate", ""), "pass");
  for (const auto& id : gate_ids) {
    EXPECT_EQ(outcome.gate(id).value("result", ""), "passed") << id;
  }
  expect_outputs(outcome);
}

void expect_failure(const RunOutcome& outcome, const Failure& expected) {
  ASSERT_EQ(outcome.ended.exit_code, expected.exit_code) << outcome.ended.out << outcome.ended.err;
  const std::string line = outcome.last_line();
  EXPECT_TRUE(line.starts_with("FAIL run=" + outcome.id)) << line;
  EXPECT_NE(line.find("gate=" + expected.gate), std::string::npos) << line;
  EXPECT_NE(line.find("exit=" + std::to_string(expected.exit_code)), std::string::npos) << line;
  const json status = outcome.status();
  ASSERT_TRUE(status.is_object()) << "there is no status.json";
  EXPECT_EQ(status.value("result", ""), "FAIL");
  EXPECT_EQ(status.value("failed_gate", ""), expected.gate);
  bool reached = true;
  for (const auto& id : gate_ids) {
    const std::string result = outcome.gate(id).value("result", "");
    if (id == expected.gate) {
      EXPECT_EQ(result, "failed") << id;
      reached = false;
    } else if (id != "G10_STATUS") {
      const bool skipped = id == "G3_RESET" && status.value("mode", "") == "no-reset";
      EXPECT_EQ(result, !reached ? "not_reached" : skipped ? "skipped" : "passed") << id;
    }
  }
  const json gate = outcome.gate(expected.gate);
  for (const auto& words : expected.reason_has) {
    EXPECT_NE(gate.value("reason", "").find(words), std::string::npos)
        << "reason: " << gate.value("reason", "");
  }
  EXPECT_FALSE(gate.value("remediation", "").empty());
  for (const auto& words : expected.hint_has) {
    EXPECT_NE(gate.value("remediation", "").find(words), std::string::npos)
        << "hint: " << gate.value("remediation", "");
  }
  expect_outputs(outcome);
}

}  // namespace fresh::test
