#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "pipeline/context.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

/// A run that reached G9: a ledger in a folder of its own, a commit, and results to be held against a
/// baseline.
class ProveDeterminism : public testing::Test {
 protected:
  GateVerdict prove(const std::map<std::string, std::string>& results, const RunSettings& settings = {},
                    bool dirty = false) {
    const Surroundings surroundings{.project_folder = folder_.path(), .environment = environment_};
    const std::string run = "run" + std::to_string(++runs_);
    Context context{.surroundings = surroundings,
                    .settings = settings,
                    .clock = clock_,
                    .bus = bus_,
                    .sink = bus_.sink(),
                    .stop = {},
                    .log_problems = {},
                    .collect = {},
                    .run_id = run,
                    .folder = folder_.path() / "exports" / run,
                    .report = {}};
    context.project.folder = folder_.path();
    context.project.determinism.baseline = folder_.path() / "fresh-clone.lock";
    context.commit.sha = std::string(40, 'a');
    context.commit.dirty = dirty;
    context.ledger = std::make_unique<state::Ledger>(folder_.path() / "ledger.sqlite");
    for (const auto& [name, value] : results) {
      context.outcome.results[name] = base::sha256_hex(value);
    }
    context.outcome.texts = texts_;
    context.redactor->add({"0123456789abcdef"});
    context.outcome.inputs["image/a"] = base::sha256_hex("image");
    context.open_builds = open_builds_;
    GateVerdict verdict = prove_determinism(context);
    report_ = context.report;
    return verdict;
  }

  base::TemporaryFolder folder_;
  base::SystemClock clock_;
  EventBus bus_;
  int runs_ = 0;
  std::vector<std::string> open_builds_;
  std::optional<std::string> environment_;
  std::map<std::string, std::string> texts_;
  exports::RunReport report_;
};

TEST_F(ProveDeterminism, RecordsTheFirstResultsAndHoldsTheNextAgainstThem) {
  EXPECT_EQ(prove({{"seed", "1"}}).result, GateResult::passed);
  EXPECT_EQ(report_.baseline.verdict, "recorded");
  EXPECT_EQ(prove({{"seed", "1"}}).result, GateResult::passed);
  EXPECT_EQ(report_.baseline.verdict, "equal");
  EXPECT_TRUE(report_.determinism_passed);
  EXPECT_EQ(report_.grade, "B") << "a declared baseline that is missing lowers the grade";
}

TEST_F(ProveDeterminism, ABuildWithANetworkLowersTheGrade) {
  prove({{"seed", "1"}});
  open_builds_ = {"web"};
  prove({{"seed", "1"}});
  EXPECT_EQ(report_.baseline.verdict, "equal");
  EXPECT_EQ(report_.grade, "B");
}

TEST_F(ProveDeterminism, FailsOnAResultThatDiffersAndNamesIt) {
  prove({{"seed", "1"}, {"artifact/a.csv", "x"}});
  const GateVerdict verdict = prove({{"seed", "1"}, {"artifact/a.csv", "y"}});
  EXPECT_EQ(verdict.result, GateResult::failed);
  EXPECT_NE(verdict.reason.find("artifact/a.csv"), std::string::npos) << verdict.reason;
  EXPECT_FALSE(verdict.remediation.empty());
  EXPECT_FALSE(report_.determinism_passed);
  EXPECT_EQ(report_.baseline.differences.size(), 1U);
}

TEST_F(ProveDeterminism, KeepsCredentialsOutOfTheTextsThatExplainAResult) {
  texts_ = {{"seed/token", "it is 0123456789abcdef"}};
  prove({{"seed/token", "it is 0123456789abcdef"}});
  const std::string written = base::read_file(folder_.path() / "exports" / "run1" / "fingerprint.json");
  EXPECT_EQ(written.find("0123456789abcdef"), std::string::npos) << written;
  EXPECT_NE(written.find("it is ***"), std::string::npos) << written;
}

TEST_F(ProveDeterminism, OnlySaysTheDifferenceWithoutStrictness) {
  prove({{"seed", "1"}});
  const GateVerdict verdict = prove({{"seed", "2"}}, {.strict = false});
  EXPECT_EQ(verdict.result, GateResult::skipped);
  EXPECT_FALSE(report_.determinism_passed);
  EXPECT_EQ(report_.baseline.verdict, "different");
}

TEST_F(ProveDeterminism, NeverRecordsADirtyTree) {
  EXPECT_EQ(prove({{"seed", "1"}}, {}, true).result, GateResult::skipped);
  EXPECT_FALSE(report_.determinism_passed);
  EXPECT_EQ(prove({{"seed", "2"}}).result, GateResult::passed);
  EXPECT_EQ(report_.baseline.verdict, "recorded");
}

TEST_F(ProveDeterminism, HoldsResultsAgainstTheCommittedBaseline) {
  EXPECT_EQ(prove({{"seed", "1"}}, {.update_baseline = true}).result, GateResult::passed);
  ASSERT_TRUE(std::filesystem::exists(folder_.path() / "fresh-clone.lock"));
  std::filesystem::remove(folder_.path() / "ledger.sqlite");
  EXPECT_EQ(prove({{"seed", "1"}}).result, GateResult::passed);
  EXPECT_EQ(report_.baseline.source, "fresh-clone.lock");
  EXPECT_EQ(report_.grade, "A");
  EXPECT_EQ(prove({{"seed", "2"}}).result, GateResult::failed);
}

TEST_F(ProveDeterminism, CommitsABaselineOfEachProfile) {
  EXPECT_EQ(prove({{"seed", "1"}}, {.update_baseline = true}).result, GateResult::passed);
  environment_ = "dev";
  EXPECT_EQ(prove({{"seed", "2"}}, {.update_baseline = true}).result, GateResult::passed);
  std::filesystem::remove(folder_.path() / "ledger.sqlite");
  EXPECT_EQ(prove({{"seed", "2"}}).result, GateResult::passed);
  EXPECT_EQ(report_.baseline.source, "fresh-clone.lock");
  EXPECT_EQ(report_.grade, "A");
  EXPECT_EQ(prove({{"seed", "1"}}).result, GateResult::failed);
  environment_ = std::nullopt;
  EXPECT_EQ(prove({{"seed", "1"}}).result, GateResult::passed);
  EXPECT_EQ(report_.baseline.source, "fresh-clone.lock");
}

TEST_F(ProveDeterminism, SaysWhatANamedBaselineHasWhenItDoesNotFit) {
  prove({{"seed", "1"}}, {.update_baseline = true});
  environment_ = "dev";
  try {
    prove({{"seed", "1"}}, {.baseline_file = folder_.path() / "fresh-clone.lock"});
    ADD_FAILURE() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.message(),
              "'fresh-clone.lock' has no baseline for seed 42, mode strict, profile dev; it has: seed 42, "
              "mode strict, profile default");
  }
}

TEST_F(ProveDeterminism, ProvesNothingWithoutNotebooks) {
  EXPECT_EQ(prove({{"seed", "1"}}, {.skip_notebooks = true}).result, GateResult::skipped);
  EXPECT_FALSE(report_.determinism_passed);
}

TEST_F(ProveDeterminism, RefusesACommittedBaselineThatIsNone) {
  base::write_file_atomic(folder_.path() / "fresh-clone.lock", "{}");
  EXPECT_THROW(prove({{"seed", "1"}}), base::Error);
}

}  // namespace
}  // namespace fresh::pipeline
