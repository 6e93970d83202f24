// Runtime contracts of every kind, kept and broken, and a service that is killed while they are checked.
#include "scenarios/scenario.h"

namespace fresh::test {
namespace {

class Contracts : public Scenario {
 protected:
  void declare(const std::string& contracts) {
    project.edit("fresh-clone.yaml", "  - {service: counter, env: GREETING}\n", contracts);
    project.commit("other contracts");
  }
};

TEST_F(Contracts, of_every_kind_hold) {
  declare(
      "  - {service: counter, env: GREETING, min_length: 5}\n"
      "  - {service: counter, stays_healthy: 2}\n"
      "  - {service: counter, http: {port: 8000, path: /health, pointer: /status, equals: ok}}\n"
      "  - {service: counter, http: {url: 'http://127.0.0.1:18301/nowhere', status: 404, pointer: /error}}\n"
      "  - {service: counter, port: 8000, process: counter.py, not_root: true}\n"
      "  - {service: counter, path: /var/lib/counter, owner: app, writable: true}\n");
  const auto outcome = project.run();
  expect_pass(outcome);
  EXPECT_NE(outcome.ended.err.find("GREETING has 5 characters"), std::string::npos) << outcome.ended.err;
}

TEST_F(Contracts, of_an_unpublished_port_are_asked_from_inside) {
  project.edit("compose/small.yaml", "    ports: [\"127.0.0.1:18301:8000\"]\n", "");
  declare("  - {service: counter, http: {port: 8000, path: /health, pointer: /status, equals: ok}}\n");
  expect_pass(project.run());
}

TEST_F(Contracts, that_are_broken_are_all_named_with_their_places) {
  declare(
      "  - {service: counter, env: GREETING, min_length: 6}\n"
      "  - {service: counter, http: {port: 8000, path: /health, pointer: /status, equals: fine}}\n"
      "  - {service: counter, http: {port: 8000, path: /nowhere}}\n"
      "  - {service: counter, port: 9000}\n"
      "  - {service: counter, process: java}\n"
      "  - {service: counter, path: /usr, owner: app, mode: '700', writable: true}\n");
  expect_failure(
      project.run(),
      {40,
       "G6_RUNTIME_CONTRACT",
       {"fresh-clone.yaml:", "variable 'GREETING' has 6 characters or more, found 5", "found 'ok'",
        "found 404", "port 9000 is open, found nothing listens on it", "process 'java'",
        "'/usr' is owned by app, found root:root", "'/usr' has mode 700, found 755", "'/usr' is writable"}});
}

TEST_F(Contracts, a_service_that_is_killed_meanwhile_is_caught) {
  declare("  - {service: counter, stays_healthy: 100}\n");
  const std::string id = project.next_id();
  const auto program = project.start({"run", "--run-id", id});
  const auto events = project.folder() / "exports" / id / "events.jsonl";
  ASSERT_TRUE(eventually(
      [&] {
        return !program->running() ||
               base::read_file_if_exists(events).value_or("").find("healthy 100 times") != std::string::npos;
      },
      std::chrono::seconds(200)))
      << program->err_so_far();
  engine_post(engine(), "/containers/small-stack-counter-1/kill");
  const auto outcome = project.outcome(program->wait(std::chrono::seconds(60)), id);
  expect_failure(outcome, {40, "G6_RUNTIME_CONTRACT", {"counter"}});
  EXPECT_EQ(outcome.status()["services"].value("counter", ""), "unhealthy");
}

}  // namespace
}  // namespace fresh::test
