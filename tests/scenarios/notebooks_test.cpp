// Notebooks that fail, hang, or say something else each time.
#include "base/process.h"
#include "scenarios/scenario.h"

namespace fresh::test {
namespace {

/// The arithmetic notebook with other words in its second code cell.
class Notebooks : public Scenario {
 protected:
  void second_cell(const std::string& source) {
    project.edit("notebooks/arithmetic.ipynb", "print('seed', os.environ['DEMO_SEED'])", source);
    project.commit("another cell");
  }
};
using Determinism = Notebooks;

TEST_F(Notebooks, one_raises) {
  second_cell("raise ValueError('the sums are off')");
  const auto outcome = project.run();
  expect_failure(outcome, {50, "G8_NOTEBOOKS", {"notebooks/arithmetic.ipynb"}});
  EXPECT_NE(outcome.ended.err.find("the sums are off"), std::string::npos) << outcome.ended.err;
  const auto counts = outcome.status()["notebooks"];
  EXPECT_EQ(counts.value("total", 0), 2);
  EXPECT_EQ(counts.value("pass", 0), 1);
  EXPECT_EQ(counts.value("fail", 0), 1);
  const std::string report = base::read_file(outcome.folder / "notebook_run_report.tsv");
  EXPECT_NE(report.find("notebooks/arithmetic.ipynb"), std::string::npos) << report;
  EXPECT_NE(report.find("notebooks/records.ipynb"), std::string::npos) << report;
}

TEST_F(Notebooks, one_runs_over_its_budget) {
  project.edit("fresh-clone.yaml", "timeout: 120, jobs", "timeout: 15, jobs");
  second_cell("import time; time.sleep(600)");
  expect_failure(project.run(), {50, "G8_NOTEBOOKS", {"notebooks/arithmetic.ipynb", "15"}, {"timeout"}});
}

TEST_F(Notebooks, one_kills_its_kernel) {
  second_cell("os.kill(os.getpid(), 9)");
  expect_failure(project.run(), {50, "G8_NOTEBOOKS", {"notebooks/arithmetic.ipynb: kernel_died"}});
}

TEST_F(Notebooks, none_reaches_the_world_outside) {
  // One hop beyond the engine, where its own network namespace reaches.
  const std::string route = must(engine().inside({"ip", "-4", "route", "show", "default"}));
  const auto begin = route.find("via ") + 4;
  const std::string beyond = route.substr(begin, route.find(' ', begin) - begin);
  const Program server({"python3", "-m", "http.server", "--bind", beyond, "18399"}, {},
                       project.folder().parent_path() / "beyond");
  const std::vector<std::string> probe{"curl", "-sS", "-o", "/dev/null", "http://" + beyond + ":18399/"};
  ASSERT_TRUE(
      eventually([&] { return base::run_command({.argv = engine().inside(probe)}, {}).exit_code == 0; },
                 std::chrono::seconds(20)));
  second_cell("import urllib.request; urllib.request.urlopen('http://" + beyond + ":18399/', timeout=5)");
  expect_failure(project.run(), {50, "G8_NOTEBOOKS", {"notebooks/arithmetic.ipynb: fail", "URLError"}});
}

TEST_F(Notebooks, skipping_them_is_said_and_never_passes_the_determinism_gate) {
  const auto outcome = project.run({"--skip-notebooks"});
  EXPECT_EQ(outcome.ended.exit_code, 0) << outcome.ended.err;
  EXPECT_EQ(outcome.gate("G8_NOTEBOOKS").value("result", ""), "skipped");
  EXPECT_NE(outcome.status().value("determinism_gate", ""), "pass");
  expect_outputs(outcome);
}

TEST_F(Determinism, a_clock_in_a_notebook_is_found_and_named) {
  second_cell("import time; print(time.time_ns())");
  expect_pass(project.run());
  const auto outcome = project.run();
  expect_failure(outcome, {60, "G9_DETERMINISM", {"notebooks/arithmetic.ipynb", "cell"}});
}

TEST_F(Determinism, two_runs_of_one_commit_have_one_fingerprint) {
  const auto first = project.run();
  expect_pass(first);
  const auto second = project.run();
  expect_pass(second);
  EXPECT_FALSE(first.status().value("fingerprint", "").empty());
  EXPECT_EQ(first.status()["fingerprint"], second.status()["fingerprint"]);
  EXPECT_EQ(project.command({"down", "-v"}).exit_code, 0);
  EXPECT_EQ(left_in_engine(), std::vector<std::string>{});
}

TEST_F(Determinism, a_dirty_tree_is_said_and_never_becomes_the_baseline) {
  project.edit("notebooks/arithmetic.ipynb", "print('seed', os.environ['DEMO_SEED'])",
               "import time; print(time.time_ns())");
  const auto first = project.run();
  EXPECT_EQ(first.ended.exit_code, 0) << first.ended.err;
  EXPECT_NE(first.ended.err.find("dirty"), std::string::npos) << first.ended.err;
  const auto second = project.run();
  EXPECT_EQ(second.ended.exit_code, 0) << "the first run must not have recorded a baseline\n"
                                       << second.ended.err;
}

}  // namespace
}  // namespace fresh::test
