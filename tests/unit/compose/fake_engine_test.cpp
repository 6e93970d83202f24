#include "support/fake_engine.h"

#include <gtest/gtest.h>

#include <thread>

namespace fresh::test {
namespace {

class FakeEngineRules : public testing::Test {
 protected:
  FakeEngineRules() { engine_.add_image("x", "1"); }
  void create(const std::string& name, const std::string& network = {}) {
    engine::ContainerSpec spec;
    spec.name = name;
    spec.image = "x";
    if (!network.empty()) {
      spec.networks[network] = {};
    }
    engine_.create_container(spec, {});
  }
  template <typename Act>
  engine::Fault fault_of(Act act) {
    try {
      act();
    } catch (const engine::EngineError& error) {
      return error.fault();
    }
    ADD_FAILURE() << "was allowed";
    return engine::Fault::failed;
  }
  FakeEngine engine_;
};

TEST_F(FakeEngineRules, NamesAreUniqueAndImagesMustExist) {
  create("a");
  EXPECT_EQ(fault_of([&] { create("a"); }), engine::Fault::conflict);
  EXPECT_EQ(fault_of([&] { create("b", "no-network"); }), engine::Fault::not_found);
  EXPECT_EQ(fault_of([&] { engine_.create_container({.name = "c", .image = "no"}, {}); }),
            engine::Fault::not_found);
}

TEST_F(FakeEngineRules, OnlyWhatRanHasFinished) {
  create("a");
  EXPECT_FALSE(engine_.find_container("a", {})->has_finished());
  engine_.behaviour("a").exit_code = 3;
  engine_.start_container("a", {});
  EXPECT_TRUE(engine_.find_container("a", {})->has_finished());
  EXPECT_EQ(engine_.find_container("a", {})->exit_code, 3);
}

TEST_F(FakeEngineRules, AnArmedExitIsNotMissed) {
  create("a");
  engine_.behaviour("a").exit_code = 5;
  const auto pending = engine_.arm_exit("a", {});
  engine_.start_container("a", {});
  EXPECT_EQ(pending->wait({}), 5);
  const auto late = engine_.arm_exit("a", {});
  EXPECT_EQ(fault_of([&] { late->wait({.deadline = std::chrono::milliseconds(1)}); }),
            engine::Fault::timed_out);
}

TEST_F(FakeEngineRules, AttachEndsWithTheContainer) {
  create("a");
  engine_.behaviour("a").out = "text";
  std::string out;
  std::thread reader([&] {
    engine_.attach(
        "a", [&] { engine_.start_container("a", {}); },
        [&](engine::Stream, std::string_view bytes) { out += bytes; }, {});
  });
  while (engine_.find_container("a", {})->state != "running") {
    std::this_thread::yield();
  }
  engine_.end("a", 0);
  reader.join();
  EXPECT_EQ(out, "text");
}

TEST_F(FakeEngineRules, ProbesAnswerInTurnAndOnlyWhileItRuns) {
  create("a");
  EXPECT_EQ(fault_of([&] { engine_.probe_health("a", {}, {}); }), engine::Fault::conflict);
  engine_.behaviour("a").probes = {{1, "no"}, {0, "yes"}};
  engine_.start_container("a", {});
  EXPECT_EQ(engine_.probe_health("a", {}, {}).exit_code, 1);
  EXPECT_EQ(engine_.probe_health("a", {}, {}).output, "yes");
  EXPECT_EQ(engine_.probe_health("a", {}, {}).output, "yes");
}

TEST_F(FakeEngineRules, ANetworkInUseStays) {
  engine_.create_network({.name = "n"}, {});
  create("a", "n");
  EXPECT_EQ(fault_of([&] { engine_.create_network({.name = "n"}, {}); }), engine::Fault::conflict);
  EXPECT_EQ(fault_of([&] { engine_.remove_network("n", {}); }), engine::Fault::conflict);
  EXPECT_TRUE(engine_.remove_container("a", true, {}));
  EXPECT_FALSE(engine_.remove_container("a", true, {}));
  EXPECT_TRUE(engine_.remove_network("n", {}));
}

TEST_F(FakeEngineRules, ListsCarryNoDetailsAndFilterByLabel) {
  engine_.create_container({.name = "a", .image = "x", .labels = {{"k", "v"}}}, {});
  create("b");
  EXPECT_EQ(engine_.list_containers({.labels = {{"k", "v"}}}, {}).size(), 1U);
  EXPECT_EQ(engine_.list_containers({.labels = {{"k", ""}}}, {}).size(), 1U);
  EXPECT_EQ(engine_.list_containers({.labels = {}}, {}).size(), 2U);
  EXPECT_EQ(engine_.calls().front(), "create container a");
}

TEST_F(FakeEngineRules, OnlyWhatRunsTakesCommands) {
  create("a");
  engine_.behaviour("a").execs["echo hi"] = {.exit_code = 3, .out = "hi\n", .err = {}};
  const engine::ExecRequest request{.command = {"echo", "hi"}};
  EXPECT_EQ(fault_of([&] { engine_.exec("a", request, {}, {}); }), engine::Fault::conflict);
  EXPECT_EQ(fault_of([&] { engine_.processes("a", {}); }), engine::Fault::conflict);
  engine_.start_container("a", {});
  std::string out;
  const auto sink = [&](engine::Stream, std::string_view bytes) { out += bytes; };
  EXPECT_EQ(engine_.converse_exec("a", request, {}, sink, {}), 3);
  EXPECT_EQ(out, "hi\n");
  EXPECT_EQ(engine_.exec("a", {.command = {"no"}}, {}, {}).exit_code, 127);
  engine_.behaviour("a").paths["/x"] = {.name = "x"};
  EXPECT_TRUE(engine_.find_path("a", "/x", {}));
  EXPECT_FALSE(engine_.find_path("a", "/y", {}));
}

}  // namespace
}  // namespace fresh::test
