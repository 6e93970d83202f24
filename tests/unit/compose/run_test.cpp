#include "compose/run.h"

#include "base/error.h"
#include "compose/down.h"
#include "compose/one_shot.h"
#include "compose/status.h"
#include "support/fake_clock.h"
#include "support/fake_engine.h"
#include "unit/compose/project_text.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fresh::compose {
namespace {

using test::project_of;

class Runs : public testing::Test {
 protected:
  Runs() { engine_.add_image("x", "1"); }

  RunResult up(const Project& project) {
    return run(plan(project, observe(engine_, project, {}), {}), project, engine_,
               {.clock = clock_, .sink = [this](const base::Event& event) {
                  const std::scoped_lock lock(mutex_);
                  events_.push_back(event);
                }});
  }

  /// The error of an up that must fail.
  base::Error failure(const std::string& yaml) {
    try {
      up(project_of(yaml));
    } catch (const base::Error& error) {
      return error;
    }
    ADD_FAILURE() << "came up";
    return {base::ExitCode::pass, ""};
  }

  bool comes_before(const std::string& first, const std::string& second) const {
    const auto calls = engine_.calls();
    const auto a = std::find(calls.begin(), calls.end(), first);
    const auto b = std::find(calls.begin(), calls.end(), second);
    return a != calls.end() && b != calls.end() && a < b;
  }

  test::FakeEngine engine_;
  test::FakeClock clock_;
  std::mutex mutex_;
  std::vector<base::Event> events_;
};

void expect_says(const base::Error& error, std::string_view text) {
  EXPECT_NE(error.render().find(text), std::string::npos) << error.render();
}

TEST_F(Runs, GatesOpenBeforeDependentsStart) {
  engine_.behaviour("p-db-1").probes = {{1, "no"}, {0, ""}};
  const auto result =
      up(project_of("name: p\nservices: {db: {image: x, healthcheck: {test: [CMD, t]}}, web: {image: x, "
                    "depends_on: {db: {condition: "
                    "service_healthy}}}}"));
  EXPECT_TRUE(comes_before("create container p-web-1", "start p-web-1"));
  EXPECT_TRUE(comes_before("probe p-db-1", "start p-web-1"));
  EXPECT_EQ(result.gates.at("service:db:1").probes, 2);
  const bool reported = std::any_of(events_.begin(), events_.end(), [](const base::Event& event) {
    return event.type == base::event_type::step_finished && event.subject == "service:db" &&
           event.outcome == "ok";
  });
  EXPECT_TRUE(reported);
}

TEST_F(Runs, TheExitIsArmedBeforeTheStart) {
  engine_.behaviour("p-init-1").exit_code = 0;
  up(
      project_of("name: p\nservices: {init: {image: x}, web: {image: x, depends_on: {init: {condition: "
                 "service_completed_successfully}}}}"));
  EXPECT_TRUE(comes_before("arm exit p-init-1", "start p-init-1"));
  EXPECT_TRUE(comes_before("start p-init-1", "start p-web-1"));
}

TEST_F(Runs, AServiceThatIsStartedAgainAndAgainIsAFailure) {
  engine_.behaviour("p-web-1").exit_code = 127;
  engine_.behaviour("p-web-1").restarts = true;
  engine_.behaviour("p-web-1").out = "no such file\n";
  const auto error = failure("name: p\nservices: {web: {image: x, restart: always}}");
  EXPECT_EQ(error.code(), base::ExitCode::deploy);
  expect_says(error, "restart policy: exit code 127 (the command was not found)");
  expect_says(error, "no such file");
}

TEST_F(Runs, AFailingOneShotStopsTheRest) {
  engine_.behaviour("p-init-1").exit_code = 137;
  engine_.behaviour("p-init-1").out = "first\nno memory\n";
  engine_.behaviour("p-init-1").out_of_memory = true;
  const auto error = failure(
      "name: p\nservices: {init: {image: x}, web: {image: x, depends_on: {init: {condition: "
      "service_completed_successfully}}}}");
  EXPECT_EQ(error.code(), base::ExitCode::deploy);
  expect_says(error, "service 'init' ended: exit code 137 (killed, out of memory)");
  expect_says(error, "| no memory");
  const auto calls = engine_.calls();
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "start p-web-1"), 0);
}

TEST_F(Runs, AnUnhealthyServiceTellsProbeAndLog) {
  engine_.behaviour("p-db-1").probes = {{1, "connection refused"}};
  engine_.behaviour("p-db-1").out = "recovering\n";
  const auto error =
      failure("name: p\nservices: {db: {image: x, healthcheck: {test: [CMD, t], interval: 1s, retries: 2}}}");
  EXPECT_EQ(error.code(), base::ExitCode::contract);
  expect_says(error, "service 'db' is unhealthy");
  expect_says(error, "last probe: connection refused");
  expect_says(error, "| recovering");
}

TEST_F(Runs, AServiceThatDiesBeforeItsGateOpensIsSaidSo) {
  engine_.behaviour("p-db-1").probes = {{1, "no"}};
  engine_.behaviour("p-db-1").ends_at_probe = 1;
  engine_.behaviour("p-db-1").exit_code = 127;
  const auto error = failure("name: p\nservices: {db: {image: x, healthcheck: {test: [CMD, t]}}}");
  EXPECT_EQ(error.code(), base::ExitCode::contract);
  expect_says(error, "ended before it was healthy: exit code 127 (the command was not found)");
}

TEST_F(Runs, AServiceWithoutGateThatDiesIsNoSuccess) {
  engine_.behaviour("p-web-1").exit_code = 1;
  engine_.behaviour("p-web-1").out = "bad option\n";
  const auto error = failure("name: p\nservices: {web: {image: x}}");
  EXPECT_EQ(error.code(), base::ExitCode::deploy);
  expect_says(error, "service 'web' ended: exit code 1");
  expect_says(error, "| bad option");
}

TEST_F(Runs, ATakenPortNamesPortAndService) {
  engine_.behaviour("p-web-1").start_error = engine::EngineError(
      base::ExitCode::deploy, engine::Fault::port_taken, 500, "listen tcp 0.0.0.0:8080: in use");
  const auto error = failure("name: p\nservices: {web: {image: x, ports: ['8080:80', '9090:90']}}");
  EXPECT_EQ(error.code(), base::ExitCode::deploy);
  expect_says(error, "service 'web' cannot start: port 8080 of this machine is taken");
}

TEST_F(Runs, AnEngineThatIsGoneIsNoFailureOfTheService) {
  for (const auto fault : {engine::Fault::unreachable, engine::Fault::cut}) {
    engine_.behaviour("p-web-1").start_error =
        engine::EngineError(base::ExitCode::machine, fault, 0, "the engine's answer broke off", "start it");
    const auto error = failure("name: p\nservices: {web: {image: x}}");
    EXPECT_EQ(error.code(), base::ExitCode::machine);
    EXPECT_EQ(error.message(), "the engine's answer broke off");
    EXPECT_EQ(error.hint(), "start it");
  }
}

TEST_F(Runs, DownLeavesNothing) {
  const Project project =
      project_of("name: p\nservices: {a: {image: x, volumes: ['vol:/v']}}\nvolumes: {vol: {}}");
  up(project);
  const auto kept = down("p", observe(engine_, "p", {}), engine_, {}, {.clock = clock_});
  EXPECT_TRUE(kept.left.empty());
  EXPECT_EQ(engine_.list_volumes({}, {}).size(), 1U);
  up(project);
  const auto result = down("p", observe(engine_, "p", {}), engine_, {.volumes = true}, {.clock = clock_});
  EXPECT_TRUE(result.left.empty());
  EXPECT_EQ(result.removed, (std::vector<std::string>{"service:a:1", "network:p_default", "volume:p_vol"}));
  EXPECT_TRUE(engine_.list_volumes({}, {}).empty());
  EXPECT_TRUE(engine_.list_networks({}, {}).empty());
}

TEST_F(Runs, DownThatFailsTellsWhatIsGoneAndNothingElse) {
  const Project project =
      project_of("name: p\nservices: {a: {image: x, volumes: ['vol:/v']}}\nvolumes: {vol: {}}");
  up(project);
  // A container of somebody else uses the network: it cannot be removed.
  engine_.add_image("x", std::string(64, 'c'));
  engine_.create_container({.name = "guest", .image = "x", .networks = {{"p_default", {}}}}, {});
  engine_.start_container("guest", {});
  std::vector<std::string> removed;
  EXPECT_THROW(down("p", observe(engine_, "p", {}), engine_, {.volumes = true}, {.clock = clock_},
                    [&](const std::string& subject) { removed.push_back(subject); }),
               base::Error);
  EXPECT_NE(std::find(removed.begin(), removed.end(), "service:a:1"), removed.end());
  EXPECT_EQ(std::find(removed.begin(), removed.end(), "network:p_default"), removed.end());
}

TEST_F(Runs, StatusAndOwnEvidenceOfHealth) {
  const Project project =
      project_of("name: p\nservices: {a: {image: x, healthcheck: {test: [CMD, t]}}, b: {image: x}}");
  up(project);
  const auto all = status("p", engine_, {});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].service, "a");
  EXPECT_EQ(all[0].state, "running");
  EXPECT_EQ(probe_all(project, engine_, {}), (std::map<std::string, Probed>{{"a", {.passed = true}}}));
  engine_.behaviour("p-a-1").probes = {{.exit_code = 1, .output = "status red\nmore"}};
  EXPECT_EQ(probe_all(project, engine_, {}).at("a").said, "status red");
  engine_.end("p-a-1", 1);
  EXPECT_EQ(verdicts(probe_all(project, engine_, {})), (std::map<std::string, bool>{{"a", false}}));
}

/// A log whose first request reaches its deadline, as after a day.
class SlowLog final : public test::FakeEngine {
 public:
  std::vector<engine::LogRequest> requests;
  void logs(const std::string& /*container*/, const engine::LogRequest& request,
            const engine::StreamSink& sink, const engine::Call& /*call*/) override {
    requests.push_back(request);
    sink(engine::Stream::out, requests.size() == 1 ? "one\nha" : "lf\n");
    if (requests.size() == 1) {
      throw engine::EngineError(base::ExitCode::deploy, engine::Fault::timed_out, 0, "a day has passed");
    }
  }
};

TEST(ReadLog, FollowedGoesOnAfterTheDeadlineOfOneRequest) {
  SlowLog engine;
  std::vector<std::string> lines;
  const auto keep = [&](engine::Stream, std::string_view line) { lines.emplace_back(line); };
  read_log(engine, "c", {.follow = true, .tail = 5}, keep, {});
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "half"}));
  ASSERT_EQ(engine.requests.size(), 2U);
  EXPECT_TRUE(engine.requests[1].since.has_value());
  EXPECT_FALSE(engine.requests[1].tail.has_value());
}

TEST(ReadLog, NotFollowedEndsWithItsDeadline) {
  SlowLog engine;
  EXPECT_THROW(read_log(engine, "c", {}, [](engine::Stream, std::string_view) {}, {}), engine::EngineError);
}

class OneShots : public Runs {
 protected:
  OneShotResult run_seeder() {
    const Project project =
        project_of("name: p\nservices: {seed: {image: x, network_mode: none, environment: {A: 1}}}");
    return run_one_shot(project, "seed", {{"SEED", "42"}}, engine_, {.clock = clock_, .suffix = "r1"});
  }
};

TEST_F(OneShots, GiveOutputAndExitCodeAndLeaveNothing) {
  engine_.behaviour("p-seed-run-r1").exit_code = 0;
  engine_.behaviour("p-seed-run-r1").out = "42 rows\n";
  const auto result = run_seeder();
  EXPECT_TRUE(result.succeeded());
  EXPECT_EQ(result.out, "42 rows\n");
  EXPECT_TRUE(comes_before("attach p-seed-run-r1", "start p-seed-run-r1"));
  EXPECT_TRUE(comes_before("arm exit p-seed-run-r1", "start p-seed-run-r1"));
  EXPECT_FALSE(engine_.find_container("p-seed-run-r1", {}).has_value());
}

TEST_F(OneShots, AFailureIsAValue) {
  engine_.behaviour("p-seed-run-r1").exit_code = 4;
  EXPECT_EQ(run_seeder().exit_code, 4);
}

TEST_F(OneShots, ARefusedStartIsAnErrorAndLeavesNothing) {
  engine_.behaviour("p-seed-run-r1").start_error =
      engine::EngineError(base::ExitCode::deploy, engine::Fault::failed, 500, "no such file");
  EXPECT_THROW(run_seeder(), base::Error);
  EXPECT_FALSE(engine_.find_container("p-seed-run-r1", {}).has_value());
}

}  // namespace
}  // namespace fresh::compose
