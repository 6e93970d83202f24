// The whole stack of the demo, by `make demo`: its main job twice on the embedded Podman and once on Docker
// with equal results, no secret of it outside its place, and faults of the real services one after the other
// on one running stack.
//
// These run in one process and in this order. FRESH_DEMO_STORE=DIR keeps the images of the embedded Podman
// there for the next time.
#include "scenarios/demo_project.h"
#include "scenarios/expectations.h"
#include "scenarios/secret_search.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <iostream>

namespace fresh::test {
namespace {

using nlohmann::json;

class WholeDemo : public ::testing::Test {
 protected:
  static void TearDownTestSuite() { stop_podman(); }

  /// The demo on the embedded Podman; `running` brings its stack up and seeds it where no test did so before.
  static Project& podman() {
    if (!podman_) {
      podman_ = demo_project(nullptr);
    }
    return *podman_;
  }
  static Project& running() {
    if (!is_up_) {
      const auto outcome = podman().run({"--skip-notebooks"});
      EXPECT_EQ(outcome.ended.exit_code, 0) << outcome.ended.err;
      is_up_ = true;
    }
    return podman();
  }
  static void stop_podman() {
    if (podman_) {
      EXPECT_EQ(podman_->command({"down", "-v"}).exit_code, 0);
      EXPECT_EQ(podman_->command({"engine", "stop"}).exit_code, 0);
      podman_.reset();
      is_up_ = false;
    }
  }

  /// A run on the stack as it is now, as far as its data: it must fail as told.
  static void expect_fault(const Failure& failure) {
    const auto outcome = running().run({"--no-reset", "--skip-notebooks"});
    expect_failure(outcome, failure);
    std::cout << outcome.last_line() << "\n  hint: " << outcome.gate(failure.gate).value("remediation", "")
              << "\n";
  }
  static void expect_up() {
    const auto up = running().command({"up"});
    EXPECT_EQ(up.exit_code, 0) << up.err;
  }

  /// What a service of the stack answers on its published port; anything but success throws.
  static json ask(const std::string& method, const std::string& url, const std::string& body = {},
                  const std::vector<std::string>& headers = {"Content-Type: application/json"}) {
    std::vector<std::string> command{"curl", "-sSf", "-m", "30", "-X", method, "http://127.0.0.1:" + url};
    for (const auto& header : headers) {
      command.insert(command.end(), {"-H", header});
    }
    if (!body.empty()) {
      command.insert(command.end(), {"--data-binary", body});
    }
    const auto text = must(command);
    return text.empty() ? json() : json::parse(text);
  }
  static json gremlin(const std::string& script) {
    return ask("POST", "18182/gremlin", json{{"gremlin", script}}.dump(),
               {"Accept: application/vnd.gremlin-v3.0+json;types=false"})["result"]["data"];
  }
  static std::filesystem::path key_file() { return running().folder() / ".vault-keys"; }
  static void seal() {
    const json keys = json::parse(base::read_file(key_file()));
    ask("PUT", "18200/v1/sys/seal", {}, {"X-Vault-Token: " + keys["root_token"].get<std::string>()});
    ASSERT_EQ(ask("GET", "18200/v1/sys/seal-status")["sealed"], true);
  }

  static std::unique_ptr<Project> podman_;
  static bool is_up_;
  static json leaves_;  ///< results of the first run on Podman
};

std::unique_ptr<Project> WholeDemo::podman_;
bool WholeDemo::is_up_ = false;
json WholeDemo::leaves_;

TEST_F(WholeDemo, passes_twice_on_podman) {
  const auto first = podman().run({"--strict-determinism"});
  expect_demo_pass(first, 0);
  const auto second = podman().run({"--strict-determinism"});
  expect_demo_pass(second, 0);
  is_up_ = second.ended.exit_code == 0;
  expect_equal(first, second);
  leaves_ = first.leaves();
}

TEST_F(WholeDemo, shows_no_secret_on_podman) {
  for (const char* verb : {"config", "logs", "plan", "ps", "status", "top", "validate"}) {
    EXPECT_EQ(running().command({verb}).exit_code, 0) << verb;
  }
  expect_no_secret_outside(running().folder(), socket_of(running()));
}

TEST_F(WholeDemo, a_vault_that_was_sealed_is_unsealed_and_that_is_said) {
  running();
  seal();
  const auto outcome = running().run({"--no-reset", "--skip-notebooks"});
  EXPECT_EQ(outcome.ended.exit_code, 0) << outcome.ended.err;
  EXPECT_NE(outcome.ended.err.find("the vault was sealed; it was unsealed"), std::string::npos)
      << outcome.ended.err;
  const auto manifest = json::parse(base::read_file(outcome.folder / "run_manifest.json"));
  EXPECT_EQ(manifest["vault"]["action"], "unsealed");
  EXPECT_EQ(ask("GET", "18200/v1/sys/seal-status")["sealed"], false);
}

TEST_F(WholeDemo, a_lost_or_wrong_key_file_is_caught) {
  running();
  seal();
  const auto whole = base::read_file(key_file());
  std::filesystem::remove(key_file());
  expect_fault(
      {40, "G5_DEPLOY_VAULT", {"key file '.vault-keys' is lost"}, {"put your copy", "fresh-clone down -v"}});
  auto wrong = json::parse(whole);
  wrong["keys"][1] = std::string(66, '0');
  base::write_file_atomic(key_file(), wrong.dump(), 0600);
  expect_fault({40, "G5_DEPLOY_VAULT", {"do not open the vault"}, {"put your copy of '.vault-keys' back"}});
  base::write_file_atomic(key_file(), whole, 0600);
  expect_up();
}

TEST_F(WholeDemo, a_red_search_server_is_caught) {
  running();
  // The primary shard may lie on a node that there is not.
  ask("PUT", "19200/broken?wait_for_active_shards=0",
      R"({"settings": {"number_of_shards": 1, "number_of_replicas": 0,
                       "index.routing.allocation.require._name": "nowhere"}})");
  ASSERT_EQ(ask("GET", "19200/_cluster/health")["status"], "red");
  expect_fault({40, "G5_DEPLOY_VAULT", {"opensearch", "/_cluster/health"}, {"fresh-clone logs opensearch"}});
  ask("DELETE", "19200/broken");
}

TEST_F(WholeDemo, a_log_folder_that_cannot_be_written_is_caught) {
  ASSERT_EQ(running().command({"exec", "-T", "janusgraph", "chmod", "555", "/var/log/janusgraph"}).exit_code,
            0);
  expect_fault({40,
                "G6_RUNTIME_CONTRACT",
                {"contract:janusgraph", "'/var/log/janusgraph' is writable", "mode 555"},
                {"'/var/log/janusgraph' in the image of 'janusgraph'"}});
  ASSERT_EQ(running().command({"exec", "-T", "janusgraph", "chmod", "755", "/var/log/janusgraph"}).exit_code,
            0);
}

TEST_F(WholeDemo, a_missing_variable_is_caught) {
  running().edit("compose/janusgraph-demo.yaml", "      GREMLIN_HTTP_URL: http://janusgraph:8182/gremlin\n",
                 "");
  expect_fault({40,
                "G6_RUNTIME_CONTRACT",
                {"contract:analytics-api: expected variable 'GREMLIN_HTTP_URL' is set"},
                {"set 'GREMLIN_HTTP_URL' under 'environment' of 'analytics-api'"}});
  must({"git", "checkout", "-q", "--", "compose"}, running().folder());
  expect_up();
}

TEST_F(WholeDemo, one_edge_too_many_is_caught) {
  running();
  gremlin(
      "g.V().has('account', 'account_id', 'A0001').as('a').V().has('account', 'account_id', 'A0002')"
      ".addE('transfer').from('a').property('transfer_id', 'one too many').property('amount_cents', "
      "1L).count()");
  expect_fault({40, "G7_SEED", {"seed:counts/transfer: expected 6011, found 6012"}, {"without --no-reset"}});
  // One that the seeder cannot even read ends it: its last words are the reason.
  gremlin("g.E().has('transfer_id', 'one too many').properties('amount_cents').drop()");
  expect_fault(
      {40, "G7_SEED", {"'seeder' ended with 1: KeyError: 'amount_cents'"}, {"logs/service-seeder.log"}});
  gremlin("g.E().has('transfer_id', 'one too many').drop()");
  EXPECT_EQ(gremlin("g.E().hasLabel('transfer').count()"), json::parse("[6011]"));
}

TEST_F(WholeDemo, an_empty_index_is_caught) {
  running();
  std::string deletions;
  const json index = ask("GET", "19200/janusgraph_bytext/_search?size=10000&_source=false");
  for (const auto& hit : index["hits"]["hits"]) {
    deletions += json{{"delete", {{"_id", hit["_id"]}}}}.dump() + "\n";
  }
  ASSERT_FALSE(deletions.empty());
  const json done = ask("POST", "19200/janusgraph_bytext/_bulk?refresh=true", deletions,
                        {"Content-Type: application/x-ndjson"});
  ASSERT_EQ(done["errors"], false);
  expect_fault({40, "G7_SEED", {"full_text_bread: expected 13, found 0"}, {"without --no-reset"}});
}

/// Last of the faults: it takes the store away.
TEST_F(WholeDemo, a_store_that_is_killed_during_the_contracts_is_caught) {
  running().edit("fresh-clone.yaml", "contracts:\n",
                 "contracts:\n  - {service: hcd-server, stays_healthy: 100}\n");
  const std::string id = running().next_id();
  const auto program = running().start({"run", "--run-id", id, "--no-reset", "--skip-notebooks"});
  const auto events = running().folder() / "exports" / id / "events.jsonl";
  ASSERT_TRUE(eventually(
      [&] {
        return !program->running() ||
               base::read_file_if_exists(events).value_or("").find("healthy 100 times") != std::string::npos;
      },
      std::chrono::seconds(120)))
      << program->err_so_far();
  EXPECT_EQ(running().command({"kill", "hcd-server"}).exit_code, 0);
  const auto outcome = running().outcome(program->wait(std::chrono::seconds(120)), id);
  expect_failure(outcome,
                 {40,
                  "G6_RUNTIME_CONTRACT",
                  {"service:hcd-server: expected running all through this gate, found exited, exit code 137"},
                  {"fresh-clone logs hcd-server"}});
  EXPECT_EQ(outcome.status()["services"].value("hcd_server", ""), "unhealthy");
  std::cout << outcome.last_line() << "\n";
}

TEST_F(WholeDemo, passes_on_docker_with_equal_results_and_shows_no_secret) {
  stop_podman();
  const auto& engine = RealEngine::shared();
  const auto docker = demo_project(&engine);
  const auto outcome = docker->run({"--strict-determinism"});
  expect_demo_pass(outcome, 0);
  // Podman's results equal the committed baseline too: it is compared within each run.
  const auto compared = outcome.gate("G9_DETERMINISM").value("reason", "");
  EXPECT_NE(compared.find("equal fresh-clone.lock"), std::string::npos) << compared;
  if (!leaves_.is_null()) {
    EXPECT_EQ(outcome.leaves(), leaves_);
  }
  for (const char* verb : {"config", "logs", "plan", "ps", "status", "top"}) {
    EXPECT_EQ(docker->command({verb}).exit_code, 0) << verb;
  }
  expect_no_secret_outside(docker->folder(), engine.socket());
  EXPECT_EQ(docker->command({"down", "-v"}).exit_code, 0);
  std::cout << outcome.last_line() << "\n";
}

}  // namespace
}  // namespace fresh::test
