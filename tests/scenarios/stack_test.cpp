// The stack: health, contracts, seed data, and what remains of it.
#include "scenarios/scenario.h"

namespace fresh::test {
namespace {

using Stack = Scenario;

TEST_F(Stack, a_service_never_becomes_healthy) {
  project.edit("images/app/healthy.py", "/health\"", "/sick\"");
  project.edit("fresh-clone.yaml", "timeout: 60", "timeout: 4");
  const auto outcome = project.run();
  expect_failure(outcome, {40, "G5_DEPLOY_VAULT", {"counter"}, {"logs"}});
  EXPECT_EQ(outcome.status()["services"].value("counter", ""), "unhealthy");
  EXPECT_NE(outcome.ended.err.find("counter listens"), std::string::npos)
      << "the log tail of what failed is missing";
}

TEST_F(Stack, a_service_that_dies_at_start_is_not_waited_for) {
  project.edit("compose/small.yaml", "command: [python3, /opt/app/counter.py]",
               "command: [python3, -c, \"print('no luck today'); raise SystemExit(3)\"]");
  const auto outcome = project.run();
  EXPECT_TRUE(outcome.ended.exit_code == 30 || outcome.ended.exit_code == 40) << outcome.ended.err;
  expect_failure(outcome, {outcome.ended.exit_code, "G5_DEPLOY_VAULT", {"counter"}});
  EXPECT_NE(outcome.ended.err.find("no luck today"), std::string::npos) << outcome.ended.err;
}

TEST_F(Stack, a_module_is_missing) {
  project.edit("fresh-clone.yaml", "imports: [json, sqlite3]", "imports: [json, not_a_module]");
  expect_failure(project.run(), {40, "G6_RUNTIME_CONTRACT", {"not_a_module", "counter"}});
}

TEST_F(Stack, a_path_is_not_writable) {
  project.edit("fresh-clone.yaml", "path: /var/lib/counter", "path: /usr/lib");
  expect_failure(project.run(), {40, "G6_RUNTIME_CONTRACT", {"/usr/lib"}});
}

TEST_F(Stack, an_environment_variable_is_missing) {
  project.edit("fresh-clone.yaml", "env: GREETING", "env: FAREWELL");
  expect_failure(project.run(), {40, "G6_RUNTIME_CONTRACT", {"FAREWELL"}});
}

TEST_F(Stack, the_seed_data_has_another_count) {
  project.edit("compose/seed-assertions.yaml", "record: 100", "record: 101");
  expect_failure(project.run(), {40, "G7_SEED", {"101", "100"}});
}

TEST_F(Stack, a_seeder_that_fails_fails_its_gate) {
  project.write("images/app/seeder.py", "print('{\"counts\": {\"record\": 100}}')\nraise SystemExit(9)\n");
  expect_failure(project.run(), {40, "G7_SEED", {"9"}});
}

TEST_F(Stack, up_is_idempotent_and_down_leaves_nothing) {
  ASSERT_EQ(project.command({"images", "build"}).exit_code, 0);
  const auto first = project.command({"up"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const auto containers = [this] { return engine_get(engine(), "/containers/json?all=1"); };
  const auto before = containers();
  EXPECT_FALSE(before.empty());
  const auto status = project.command({"status", "--json"});
  EXPECT_EQ(status.exit_code, 0) << status.err;
  EXPECT_NE(status.out.find("\"healthy\""), std::string::npos) << status.out;
  const auto second = project.command({"up"});
  EXPECT_EQ(second.exit_code, 0) << second.err;
  const auto after = containers();
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i]["Id"], before[i]["Id"]);
  }
  const auto logs = project.command({"logs", "counter"});
  EXPECT_NE(logs.out.find("counter listens"), std::string::npos) << logs.out << logs.err;
  const auto down = project.command({"down", "-v"});
  EXPECT_EQ(down.exit_code, 0) << down.err;
  EXPECT_EQ(left_in_engine(), std::vector<std::string>{});
}

TEST_F(Stack, a_credential_that_a_service_prints_is_shown_by_no_verb) {
  project.edit("fresh-clone.yaml", "contracts:\n", "credentials: [door_code]\ncontracts:\n");
  project.edit("compose/small.yaml", "GREETING: hello", "GREETING: \"${DOOR_CODE}\"");
  project.edit("compose/small.yaml", "command: [python3, /opt/app/counter.py]",
               "command: [python3, -c, \"import os; print('open with', os.environ['GREETING']); raise "
               "SystemExit(3)\"]");
  const auto up = project.command({"up"});
  EXPECT_NE(up.exit_code, 0);
  EXPECT_NE(up.err.find("open with ***"), std::string::npos) << up.err;
  const auto code = base::read_file(project.folder() / ".fresh-clone/credentials/door_code");
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"up", "--json"}, {"logs"}, {"logs", "--no-log-prefix", "counter"}, {"plan"}, {"config"}}) {
    const auto said = project.command(words);
    EXPECT_EQ((said.out + said.err).find(code), std::string::npos)
        << words.front() << " shows the credential";
    EXPECT_EQ(up.err.find(code), std::string::npos);
    if (words.front() == "config") {
      EXPECT_NE(said.out.find("GREETING: \"***\""), std::string::npos)
          << "what hides it must be text in YAML: " << said.out;
    }
    if (words.front() == "logs") {
      EXPECT_NE(said.out.find("open with ***"), std::string::npos) << said.out << said.err;
    }
  }
}

}  // namespace
}  // namespace fresh::test
