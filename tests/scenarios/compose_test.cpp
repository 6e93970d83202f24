// `up` and `down` as docker compose's users know them, on a folder with a compose.yaml alone.
#include "scenarios/compose_stack.h"

#include <csignal>

namespace fresh::test {
namespace {

using Compose = ComposeStack;

TEST_F(Compose, what_changed_is_made_anew_and_only_that) {
  project.write("word.txt", "one");
  stack(R"(services:
  db: {<<: *base}
  web: {<<: *base, environment: {LEVEL: "1"}, depends_on: [db]}
  reader:
    <<: *base
    secrets: [{source: word, target: /word, mode: 0440, uid: "1000"}]
    configs: [{source: page, target: /page, mode: 0404}]
secrets: {word: {file: word.txt}}
configs: {page: {content: "hello"}}
)");
  expect(0, {"up"});
  const auto first = ids();
  EXPECT_EQ(expect(0, {"plan"}).out, "nothing to do\n");
  expect(0, {"up"});
  EXPECT_EQ(ids(), first);
  EXPECT_EQ(expect(0, {"exec", "reader", "stat", "-c", "%a %u", "/word", "/page"}).out, "440 1000\n404 0\n");
  project.edit("compose.yaml", "LEVEL: \"1\"", "LEVEL: \"2\"");
  expect(0, {"up"});
  auto second = ids();
  EXPECT_NE(second["shop-web-1"], first.at("shop-web-1"));
  EXPECT_EQ(second["shop-db-1"], first.at("shop-db-1"));
  EXPECT_EQ(second["shop-reader-1"], first.at("shop-reader-1"));
  project.write("word.txt", "two");
  expect(0, {"up"});
  EXPECT_NE(ids()["shop-reader-1"], second["shop-reader-1"]);
  EXPECT_EQ(ids()["shop-web-1"], second["shop-web-1"]);
  EXPECT_EQ(expect(0, {"exec", "reader", "cat", "/word"}).out, "two");
  project.edit("compose.yaml", "content: \"hello\"", "content: \"bye\"");
  expect(0, {"up", "--no-recreate"});
  EXPECT_EQ(expect(0, {"exec", "reader", "cat", "/page"}).out, "hello");
  expect(0, {"up"});
  EXPECT_EQ(expect(0, {"exec", "reader", "cat", "/page"}).out, "bye");
  second = ids();
  expect(0, {"up", "--force-recreate", "--no-deps", "web"});
  EXPECT_NE(ids()["shop-web-1"], second["shop-web-1"]);
  EXPECT_EQ(ids()["shop-db-1"], second["shop-db-1"]);
}

TEST_F(Compose, anonymous_volumes_outlive_their_container) {
  const auto volumes = [this] { return engine_get(engine(), "/volumes")["Volumes"].size(); };
  const auto before = volumes();
  stack("services:\n  web: {<<: *base, volumes: [/data], environment: {LEVEL: \"1\"}}\n");
  expect(0, {"up"});
  expect(0, {"exec", "web", "sh", "-c", "echo kept > /data/note"});
  project.edit("compose.yaml", "LEVEL: \"1\"", "LEVEL: \"2\"");
  for (const auto& arguments : {std::vector<std::string>{"up"}, {"up", "--force-recreate"}}) {
    const auto old = ids();
    expect(0, arguments);
    EXPECT_NE(ids(), old);
    EXPECT_EQ(expect(0, {"exec", "web", "cat", "/data/note"}).out, "kept\n");
  }
  EXPECT_EQ(volumes(), before + 1);
  EXPECT_EQ(expect(0, {"plan"}).out, "nothing to do\n");
  expect(0, {"down", "-v"});
  EXPECT_EQ(volumes(), before);
  expect(0, {"up"});
  EXPECT_EQ(volumes(), before + 1);
  expect(0, {"down", "-v"});
  EXPECT_EQ(volumes(), before);
  expect(0, {"up"});
  expect(0, {"exec", "web", "sh", "-c", "echo old > /data/note"});
  expect(0, {"up", "--force-recreate", "--renew-anon-volumes"});
  expect(1, {"exec", "web", "test", "-e", "/data/note"});
  project.edit("compose.yaml", "LEVEL: \"2\"", "LEVEL: \"3\"}, cap_add: [NOSUCH], labels: {x: \"y\"");
  expect(0, {"exec", "web", "sh", "-c", "echo new > /data/note"});
  expect(30, {"up"});
  EXPECT_EQ(expect(0, {"exec", "web", "cat", "/data/note"}).out, "new\n");
  project.edit("compose.yaml", "services:", "networks: {default: {internal: true}}\nservices:");
  EXPECT_TRUE(says(expect(30, {"up"}).err, "what the old container wrote on /data stays in the volume"));
}

TEST_F(Compose, a_refused_successor_leaves_the_old_container_at_work) {
  stack("services:\n  db: {<<: *base}\n  web: {<<: *base, environment: {LEVEL: \"1\"}, depends_on: [db]}\n");
  expect(0, {"up"});
  const auto old = ids();
  project.edit("compose.yaml", "LEVEL: \"1\"", "LEVEL: \"2\"}, cap_add: [NOSUCH], labels: {x: \"y\"");
  expect(30, {"up"});
  EXPECT_EQ(ids(), old);
  EXPECT_EQ(state_of("shop-web-1"), "running");
  project.edit("compose.yaml", "cap_add: [NOSUCH], ", "");
  expect(0, {"up"});
  EXPECT_NE(ids(), old);
  EXPECT_EQ(expect(0, {"plan"}).out, "nothing to do\n");
  expect(0, {"exec", "db", "/busybox", "nslookup", "web"});
  expect(0, {"exec", "db", "/busybox", "nslookup", "shop-web-1"});
}

TEST_F(Compose, a_kill_in_the_middle_of_a_succession_leaves_the_old_container_at_work) {
  stack(R"(services:
  web: {<<: *base, volumes: [/data], environment: {LEVEL: "1"}, pre_stop: [{command: [sleep, "600"]}]}
)");
  expect(0, {"up"});
  expect(0, {"exec", "web", "sh", "-c", "echo kept > /data/note"});
  const auto old = ids();
  project.edit("compose.yaml", "LEVEL: \"1\"", "LEVEL: \"2\"");
  const auto program = project.start({"up"});
  ASSERT_TRUE(
      eventually([this] { return state_of("shop-web-1.next") == "created"; }, std::chrono::seconds(30)));
  program->signal(SIGKILL);
  program->wait(std::chrono::seconds(20));
  EXPECT_EQ(state_of("shop-web-1"), "running");
  EXPECT_FALSE(says(expect(0, {"ps", "-a"}).out, ".next"));
  expect(0, {"status"});
  project.edit("compose.yaml", ", pre_stop: [{command: [sleep, \"600\"]}]", "");
  expect(0, {"up"});
  EXPECT_NE(ids(), old);
  EXPECT_EQ(ids().size(), 1U);
  EXPECT_EQ(expect(0, {"exec", "web", "cat", "/data/note"}).out, "kept\n");
  EXPECT_EQ(expect(0, {"plan"}).out, "nothing to do\n");
  expect(0, {"down", "-v"});
  EXPECT_EQ(left_in_engine(), std::vector<std::string>{});
}

TEST_F(Compose, services_grow_and_shrink) {
  stack("services:\n  web: {<<: *base}\n");
  expect(0, {"up", "--scale", "web=3"});
  const auto three = ids();
  EXPECT_EQ(three.size(), 3U);
  expect(0, {"up", "--scale", "web=2"});
  auto two = ids();
  EXPECT_EQ(two.size(), 2U);
  EXPECT_EQ(two["shop-web-2"], three.at("shop-web-2"));
  EXPECT_EQ(expect(0, {"exec", "--index", "2", "web", "true"}).err, "");
  EXPECT_TRUE(says(expect(10, {"up", "--scale", "wbe=2"}).err, "did you mean 'web'?"));
}

TEST_F(Compose, orphans_are_named_and_go_when_asked) {
  stack("services:\n  web: {<<: *base}\n  old: {<<: *base}\n");
  expect(0, {"up"});
  stack("services:\n  web: {<<: *base}\n");
  EXPECT_TRUE(says(expect(0, {"up"}).err, "shop-old-1"));
  EXPECT_EQ(state_of("shop-old-1"), "running");
  expect(0, {"up", "--remove-orphans"});
  EXPECT_EQ(state_of("shop-old-1"), "missing");
  EXPECT_EQ(state_of("shop-web-1"), "running");
}

TEST_F(Compose, a_one_shot_that_ends_with_0_is_success) {
  stack(R"(services:
  migrate: {<<: *base, command: [sh, -c, "echo migrated"]}
  web: {<<: *base, depends_on: {migrate: {condition: service_completed_successfully}}}
  alone: {<<: *base, command: ["true"]}
)");
  expect(0, {"up", "--wait"});
  EXPECT_EQ(state_of("shop-migrate-1"), "exited");
  EXPECT_EQ(state_of("shop-web-1"), "running");
}

TEST_F(Compose, a_one_shot_that_fails_says_why) {
  const std::string text = R"(services:
  migrate: {<<: *base, command: [sh, -c, "echo no such table; exit 1"]}
  web: {<<: *base, depends_on: {migrate: {condition: service_completed_successfully}}}
)";
  stack(text);
  const auto failed = expect(30, {"up"});
  EXPECT_TRUE(says(failed.err, "exit code 1"));
  EXPECT_TRUE(says(failed.err, "no such table"));
  EXPECT_NE(state_of("shop-web-1"), "running");
  project.edit("compose.yaml", "echo no such table; exit 1", "exec sleep 600");
  const auto program = project.start({"up"});
  ASSERT_TRUE(
      eventually([this] { return state_of("shop-migrate-1") == "running"; }, std::chrono::seconds(30)));
  expect(0, {"kill", "migrate"});
  const auto killed = program->wait(std::chrono::seconds(30));
  EXPECT_EQ(killed.exit_code, 30);
  EXPECT_TRUE(says(killed.err, "exit code 137 (killed by SIGKILL"));
}

TEST_F(Compose, an_unhealthy_service_shows_its_last_probe) {
  stack(R"(services:
  db:
    <<: *base
    command: [sh, -c, "echo db is here; exec sleep 600"]
    healthcheck: {test: [CMD-SHELL, "echo no disk; exit 1"], interval: 100ms, retries: 2}
  web: {<<: *base, depends_on: {db: {condition: service_healthy}}}
)");
  const auto failed = expect(40, {"up"});
  EXPECT_TRUE(says(failed.err, "no disk"));
  EXPECT_TRUE(says(failed.err, "db is here"));
  EXPECT_NE(state_of("shop-web-1"), "running");
}

TEST_F(Compose, profiles_sleep_until_they_are_named) {
  stack(
      "services:\n  web: {<<: *base}\n  tool: {<<: *base, profiles: [tools]}\n  other: {<<: *base, profiles: "
      "[others]}\n");
  expect(0, {"up"});
  EXPECT_EQ(ids().size(), 1U);
  expect(0, {"up", "tool"});
  EXPECT_EQ(state_of("shop-tool-1"), "running");
  EXPECT_EQ(state_of("shop-other-1"), "missing");
  expect(0, {"--profile", "others", "up"});
  EXPECT_EQ(state_of("shop-other-1"), "running");
  expect(0, {"down"});
  EXPECT_EQ(ids().size(), 0U);
}

TEST_F(Compose, a_port_and_a_name_that_are_taken_are_explained) {
  stack("services:\n  web: {<<: *base, ports: [\"127.0.0.1:18377:80\"], container_name: the-shop}\n");
  expect(0, {"up"});
  EXPECT_TRUE(
      says(expect(30, {"-p", "twin", "up"}).err, "'the-shop' (service 'web' of project 'shop', running)"));
  project.edit("compose.yaml", ", container_name: the-shop", "");
  const auto port = expect(30, {"-p", "twin", "up"});
  EXPECT_TRUE(says(port.err, "port 18377"));
  EXPECT_TRUE(says(port.err, "service 'web' of project 'shop'"));
  expect(0, {"-p", "twin", "down"});
  EXPECT_EQ(state_of("the-shop"), "running");
}

TEST_F(Compose, hooks_run_and_what_depends_on_a_service_goes_first) {
  stack(R"(services:
  db: {<<: *base, volumes: ["notes:/notes"], pre_stop: [{command: [sh, -c, "echo db >> /notes/order"]}]}
  web:
    <<: *base
    volumes: ["notes:/notes"]
    depends_on: [db]
    post_start: [{command: [sh, -c, "echo started > /notes/order"]}]
    pre_stop: [{command: [sh, -c, "echo web >> /notes/order"]}]
  reader: {<<: *base, volumes: ["notes:/notes"], profiles: [read]}
volumes: {notes: {}}
)");
  expect(0, {"up"});
  EXPECT_EQ(expect(0, {"exec", "db", "cat", "/notes/order"}).out, "started\n");
  expect(0, {"down"});
  EXPECT_EQ(ids().size(), 0U);
  EXPECT_EQ(expect(0, {"run", "--rm", "reader", "cat", "/notes/order"}).out, "started\nweb\ndb\n");
  project.edit("compose.yaml", "echo started > /notes/order", "echo oh no; exit 5");
  const auto failed = expect(30, {"up"});
  EXPECT_TRUE(says(failed.err, "post_start"));
  EXPECT_TRUE(says(failed.err, "oh no"));
}

TEST_F(Compose, a_dependent_restarts_with_what_it_depends_on) {
  stack(R"(services:
  db: {<<: *base, environment: {LEVEL: "1"}}
  web: {<<: *base, depends_on: {db: {condition: service_started, restart: true}}}
  other: {<<: *base, depends_on: [db]}
)");
  expect(0, {"up"});
  project.edit("compose.yaml", "LEVEL: \"1\"", "LEVEL: \"2\"");
  const auto changed = expect(0, {"up"});
  EXPECT_TRUE(says(changed.err, "stop service:web:1"));
  EXPECT_FALSE(says(changed.err, "stop service:other:1"));
  EXPECT_TRUE(says(expect(0, {"restart", "db"}).err, "start service:web:1"));
  EXPECT_FALSE(says(expect(0, {"restart", "--no-deps", "db"}).err, "service:web:1"));
}

TEST_F(Compose, what_is_not_there_and_what_cannot_be_is_said) {
  stack(
      "services:\n  web: {<<: *base, networks: [lan]}\nnetworks: {lan: {external: true, name: "
      "no-such-lan}}\n");
  EXPECT_TRUE(says(expect(30, {"up"}).err, "no-such-lan"));
  stack(R"(services:
  web:
    <<: *base
    deploy: {resources: {reservations: {devices: [{capabilities: [gpu], count: 1}]}}}
)");
  EXPECT_TRUE(says(expect(10, {"up"}).err, "asks for a GPU"));
  EXPECT_EQ(left_in_engine(), std::vector<std::string>{});
}

const char* const gated = R"(services:
  db: {<<: *base, healthcheck: {test: ["CMD", "false"], interval: 1s, retries: 1000}}
  web: {<<: *base, depends_on: {db: {condition: service_healthy}}, volumes: ["data:/data"]}
volumes: {data: {}}
)";

TEST_F(Compose, ctrl_c_ends_up_and_what_was_made_stays) {
  stack(gated);
  const auto program = project.start({"up"});
  ASSERT_TRUE(eventually([this] { return state_of("shop-db-1") == "running"; }, std::chrono::seconds(30)));
  program->signal(SIGINT);
  EXPECT_EQ(program->wait(std::chrono::seconds(20)).exit_code, 130);
  EXPECT_EQ(state_of("shop-db-1"), "running");
  project.edit("compose.yaml", "\"CMD\", \"false\"", "\"CMD\", \"true\"");
  expect(0, {"up"});
  EXPECT_EQ(state_of("shop-web-1"), "running");
}

TEST_F(Compose, down_takes_a_half_made_stack_away) {
  stack(gated);
  const auto program = project.start({"up"});
  ASSERT_TRUE(eventually([this] { return state_of("shop-db-1") == "running"; }, std::chrono::seconds(30)));
  program->signal(SIGKILL);
  program->wait(std::chrono::seconds(20));
  expect(0, {"down", "-v"});
  EXPECT_EQ(left_in_engine(), std::vector<std::string>{});
}

}  // namespace
}  // namespace fresh::test
