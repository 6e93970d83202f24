#include "notebooks/run.h"

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "notebooks/discover.h"
#include "notebooks/judge.h"
#include "scripted_engine.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <mutex>
#include <thread>

namespace fresh::notebooks {
namespace {

using test::Play;

constexpr const char* empty_notebook =
    R"({"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"code","metadata":{},"source":"1","outputs":[],"execution_count":null}]})";

std::string line(const nlohmann::json& event) {
  return "fresh-clone/1 " + event.dump() + "\n";
}

std::string finished(const std::string& status, const std::string& reason, const std::string& executed,
                     int ok = 1) {
  return line({{"event", "finished"},
               {"status", status},
               {"reason", reason},
               {"cell", status == "pass" ? 0 : 1},
               {"cells_total", 1},
               {"cells_ok", ok},
               {"executed_sha256", base::sha256_hex(executed)},
               {"peak_memory", 7}});
}

std::string cell_lines() {
  return line({{"event", "cell_started"}, {"cell", 1}, {"of", 1}}) +
         line({{"event", "cell"}, {"cell", 1}, {"of", 1}, {"status", "ok"}, {"seconds", 0.4}});
}

Play passing() {
  return {.output = cell_lines() + finished("pass", "", "done"), .executed = "done"};
}

class RunTest : public testing::Test {
 protected:
  void add(const std::string& path, const Play& play) {
    base::write_file_atomic(project_.path() / path, empty_notebook);
    engine_.plays[path] = play;
  }
  NotebookReport run(const std::stop_token& stop = {}) {
    options_.run_id = "r1";
    options_.project = "demo";
    options_.project_folder = project_.path();
    options_.out_folder = project_.path() / "out";
    options_.controls = {{"TZ", "UTC"}};
    spec_.image = "image:1";
    spec_.paths = {"notebooks"};
    const base::EventSink sink = [this](const base::Event& event) {
      const std::scoped_lock lock(mutex_);
      events_.push_back(event);
    };
    return run_notebooks(spec_, discover(spec_, project_.path()), engine_, options_, clock_, sink, stop);
  }
  NotebookResult run_one(const Play& play) {
    add("notebooks/a.ipynb", play);
    auto report = run();
    EXPECT_TRUE(engine_.left().empty());
    return report.notebooks.at(0);
  }

  base::TemporaryFolder project_;
  test::ScriptedEngine engine_;
  NotebooksSpec spec_;
  RunOptions options_;
  base::SystemClock clock_;
  std::mutex mutex_;
  std::vector<base::Event> events_;
};

TEST_F(RunTest, secrets_are_files_of_the_container_and_nothing_else) {
  options_.secrets = {{"token", "hush-hush"}};
  EXPECT_EQ(run_one(passing()).status, Status::pass);
  EXPECT_EQ(engine_.delivered.at("/run/secrets/token"), "hush-hush");
  EXPECT_EQ(engine_.delivered.at("/fresh-clone/job.json").find("hush-hush"), std::string::npos);
}

TEST_F(RunTest, a_notebook_passes_and_is_kept) {
  const NotebookResult result = run_one(passing());
  EXPECT_EQ(result.status, Status::pass) << result.reason;
  EXPECT_EQ(result.cells_ok, 1);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.peak_memory, 7);
  EXPECT_EQ(base::read_file(project_.path() / "out/notebooks/notebooks/a.ipynb"), "done");
  EXPECT_EQ(engine_.calls(),
            (std::vector<std::string>{"attach notebooks/a.ipynb", "arm notebooks/a.ipynb",
                                      "start notebooks/a.ipynb", "remove notebooks/a.ipynb"}));
  const auto live =
      std::find_if(events_.begin(), events_.end(), [](const auto& e) { return e.type == "log.line"; });
  ASSERT_NE(live, events_.end());
  EXPECT_EQ(live->subject, "notebook:notebooks/a.ipynb");
  EXPECT_EQ(live->text, "cell 1/1 ok 0.4s");
  EXPECT_EQ(events_.back().outcome, "ok");
}

TEST_F(RunTest, the_container_has_what_it_needs_and_nothing_more) {
  spec_.env = {{"API_URL", "http://api"}, {"TZ", "CET"}};
  spec_.memory = 512 << 20;
  options_.network = "demo_notebooks";
  run_one(passing());
  const engine::ContainerSpec spec = engine_.created().at(0);
  EXPECT_EQ(spec.environment.at("TZ"), "UTC");
  EXPECT_EQ(spec.environment.at("API_URL"), "http://api");
  EXPECT_EQ(spec.user, "1000:1000");
  EXPECT_EQ(spec.hostname, "fresh-clone");
  EXPECT_EQ(spec.cap_drop, std::vector<std::string>{"ALL"});
  EXPECT_EQ(spec.security_opt, std::vector<std::string>{"no-new-privileges"});
  EXPECT_EQ(spec.memory, 512 << 20);
  EXPECT_TRUE(spec.ports.empty());
  EXPECT_TRUE(spec.networks.contains("demo_notebooks"));
  EXPECT_EQ(spec.labels.at("io.freshclone.role"), "notebook");
  EXPECT_EQ(spec.labels.at("io.freshclone.run"), "r1");
  EXPECT_TRUE(engine_.delivered.contains("/workspace/notebooks/a.ipynb"));
  EXPECT_TRUE(engine_.delivered.contains("/fresh-clone/run_notebook.py"));
  EXPECT_EQ(engine_.delivered.at("/fresh-clone/matplotlibrc"), "svg.hashsalt: demo\n");
}

TEST_F(RunTest, without_a_network_there_is_none) {
  run_one(passing());
  EXPECT_EQ(engine_.created().at(0).network_mode, "none");
}

TEST_F(RunTest, what_the_driver_reports_is_the_result) {
  Play play{.output = finished("fail", "ValueError: bad", "part", 0), .exit_code = 20, .executed = "part"};
  const NotebookResult result = run_one(play);
  EXPECT_EQ(result.status, Status::fail);
  EXPECT_EQ(result.reason, "ValueError: bad");
  EXPECT_EQ(result.cell, 1);
  EXPECT_FALSE(result.executed.empty());
  EXPECT_EQ(events_.back().outcome, "failed");
}

TEST_F(RunTest, pass_needs_the_exit_code) {
  Play play = passing();
  play.exit_code = 1;
  EXPECT_EQ(run_one(play).reason, "the runner said pass, but its container ended with exit code 1");
}

TEST_F(RunTest, pass_needs_the_executed_notebook_whole) {
  Play play = passing();
  play.executed = "cut";
  EXPECT_EQ(run_one(play).reason, "the executed notebook did not arrive whole");
  play.executed = "";
  EXPECT_EQ(run_one(play).reason, "the executed notebook did not arrive whole");
}

TEST_F(RunTest, an_archive_that_was_cut_is_asked_for_again) {
  Play play = passing();
  play.cut_archives = 2;
  EXPECT_EQ(run_one(play).status, Status::pass);
}

TEST_F(RunTest, a_wait_that_breaks_is_no_time_out) {
  Play play = passing();
  play.loses_wait = true;
  const NotebookResult result = run_one(play);
  EXPECT_EQ(result.status, Status::pass) << result.reason;
}

TEST(Judge, a_notebook_passes_by_the_cells_that_the_project_has) {
  Evidence evidence{.code_cells = 2};
  evidence.driver.finished =
      Finished{.status = "pass", .cells_total = 1, .cells_ok = 1, .executed_sha256 = "x"};
  evidence.driver.cells = {{.cell = 1, .status = "ok"}};
  evidence.executed_sha256 = "x";
  evidence.container.emplace();
  evidence.container->state = "exited";
  evidence.container->started_at = "2026-01-01T00:00:00Z";
  evidence.container->finished_at = "2026-01-01T00:00:01Z";
  EXPECT_EQ(judge("a", evidence).reason, "the runner executed 1 cells, the notebook has 2");
  evidence.code_cells = 1;
  EXPECT_EQ(judge("a", evidence).status, Status::pass) << judge("a", evidence).reason;
  evidence.driver.cells[0].status = "skipped";
  EXPECT_EQ(judge("a", evidence).status, Status::error);
  EXPECT_EQ(judge("a", evidence).reason, "no cell was executed: an empty notebook proves nothing");
}

TEST_F(RunTest, pass_needs_the_last_line) {
  EXPECT_EQ(run_one({.output = "Traceback\nboom", .executed = "done"}).reason,
            "the runner ended with exit code 0 without a result: Traceback");
}

TEST_F(RunTest, a_stream_that_was_cut_is_read_again_from_the_logs) {
  Play play = passing();
  play.logged = play.output;
  play.output = "fresh-clone/1 {\"event\":\"fin";
  EXPECT_EQ(run_one(play).status, Status::pass);
}

TEST_F(RunTest, a_hanging_container_is_killed_and_its_cell_named) {
  Play play{.output = line({{"event", "cell_started"}, {"cell", 3}, {"of", 9}}), .hangs = true};
  const NotebookResult result = run_one(play);
  EXPECT_EQ(result.status, Status::timeout);
  EXPECT_EQ(result.reason, "no end within 345 s in cell 3; the container was killed");
  EXPECT_EQ(result.cell, 3);
}

TEST_F(RunTest, a_container_killed_for_memory_is_said_so) {
  spec_.memory = 512 << 20;
  Play play{.output = line({{"event", "cell_started"}, {"cell", 7}, {"of", 9}}), .exit_code = 137};
  EXPECT_EQ(run_one(play).reason,
            "the container was ended by SIGKILL in cell 7, probably out of memory: limit 512 MiB");
  play.oom_killed = true;
  const NotebookResult result = run_one(play);
  EXPECT_EQ(result.status, Status::oom);
  EXPECT_EQ(result.reason, "out of memory: limit 512 MiB in cell 7");
}

TEST_F(RunTest, a_container_that_does_not_start_is_an_error_of_its_notebook_alone) {
  add("notebooks/b.ipynb", passing());
  const NotebookResult result =
      [&] {
        add("notebooks/a.ipynb", {.start_fails = true});
        return run();
      }()
          .notebooks.at(0);
  EXPECT_EQ(result.status, Status::error);
  EXPECT_EQ(result.reason, "no such program");
  EXPECT_TRUE(engine_.left().empty());
}

TEST_F(RunTest, an_unreachable_service_comes_with_the_cure) {
  options_.unreachable_hint = "sysctl x";
  Play play{.output = finished("unreachable", "no connection to db:1", ""), .exit_code = 24};
  EXPECT_EQ(run_one(play).reason, "no connection to db:1; sysctl x");
}

TEST_F(RunTest, a_notebook_whose_services_the_profile_lacks_is_not_applicable) {
  base::write_file_atomic(
      project_.path() / "notebooks/v.ipynb",
      R"({"nbformat":4,"metadata":{"fresh_clone":{"services":["vault"],"timeout":5}},"cells":[]})");
  options_.services = std::set<std::string>{"janusgraph"};
  const NotebookReport report = run();
  EXPECT_EQ(report.notebooks.at(0).status, Status::not_applicable);
  EXPECT_EQ(report.notebooks.at(0).reason, "this profile has no vault");
  EXPECT_TRUE(engine_.created().empty());
  EXPECT_FALSE(report.passed());
}

TEST_F(RunTest, jobs_limits_how_many_run_and_the_longest_goes_first) {
  for (const char* name : {"a", "b", "c", "d"}) {
    add(fmt::format("notebooks/{}.ipynb", name), passing());
    options_.last_durations[fmt::format("notebooks/{}.ipynb", name)] =
        std::chrono::seconds(*name == 'c' ? 9 : 1);
  }
  options_.jobs = 1;
  const NotebookReport report = run();
  EXPECT_TRUE(report.passed());
  EXPECT_EQ(engine_.most_at_once(), 1);
  EXPECT_EQ(engine_.calls().at(0), "attach notebooks/c.ipynb");
  EXPECT_EQ(report.notebooks.at(0).path, "notebooks/a.ipynb");
}

TEST_F(RunTest, a_stop_removes_the_containers) {
  add("notebooks/a.ipynb", {.hangs = true});
  engine_.hold = true;
  std::stop_source source;
  std::jthread stopper([&](const std::stop_token& token) {
    while (!token.stop_requested() && engine_.most_at_once() == 0) {
      std::this_thread::yield();
    }
    source.request_stop();
  });
  const NotebookReport report = run(source.get_token());
  ASSERT_FALSE(report.notebooks.empty());
  EXPECT_EQ(report.count(Status::pass), 0U);
  EXPECT_FALSE(report.passed());
  EXPECT_TRUE(engine_.left().empty());
}

TEST_F(RunTest, a_missing_image_ends_the_run) {
  add("notebooks/a.ipynb", passing());
  engine_.has_image = false;
  EXPECT_THROW(run(), base::Error);
}

}  // namespace
}  // namespace fresh::notebooks
