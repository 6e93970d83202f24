// The verbs of the stack on containers that exist.
#include "base/file.h"
#include "scenarios/compose_stack.h"

#include <nlohmann/json.hpp>

#include <csignal>

namespace fresh::test {
namespace {

class Verbs : public ComposeStack {
 protected:
  void SetUp() override {
    ComposeStack::SetUp();
    stack(R"(services:
  db: {<<: *base, environment: {NAME: db}}
  web: {<<: *base, depends_on: [db], ports: ["127.0.0.1:18378:80"], volumes: ["data:/data"]}
volumes: {data: {}}
)");
    expect(0, {"up"});
  }
};

TEST_F(Verbs, exec_gives_output_input_environment_and_exit_code) {
  EXPECT_EQ(expect(7, {"exec", "-e", "A=b", "-w", "/etc", "web", "sh", "-c",
                       "echo $A; cat passwd; echo oh >&2; exit 7"})
                .out,
            "b\nroot:x:0:0::/:/bin/sh\n");
  EXPECT_TRUE(says(expect(10, {"exec", "wbe", "true"}).err, "did you mean 'web'?"));
  EXPECT_TRUE(says(expect(10, {"exec", "--index", "4", "web", "true"}).err, "no container 4"));
  expect(0, {"exec", "-d", "web", "touch", "/tmp/flag"});
  EXPECT_TRUE(eventually(
      [this] {
        return project.command({"exec", "web", "test", "-f", "/tmp/flag"}).exit_code == 0;
      },
      std::chrono::seconds(10)));
  expect(0, {"stop", "web"});
  EXPECT_TRUE(says(expect(30, {"exec", "web", "true"}).err, "fresh-clone start web"));
}

TEST_F(Verbs, run_is_a_container_of_its_own) {
  expect(0, {"down"});
  EXPECT_EQ(expect(0, {"run", "--rm", "-e", "A=b", "web", "sh", "-c", "echo $A; echo kept > /data/x"}).out,
            "b\n");
  EXPECT_EQ(state_of("shop-db-1"), "running");
  EXPECT_EQ(state_of("shop-web-1"), "missing");
  EXPECT_EQ(expect(0, {"run", "--rm", "--no-deps", "web", "cat", "/data/x"}).out, "kept\n");
  EXPECT_EQ(ids().size(), 1U);
  expect(6, {"run", "--name", "shop-once", "web", "sh", "-c", "exit 6"});
  EXPECT_EQ(state_of("shop-once"), "exited");
  EXPECT_TRUE(says(expect(0, {"ps", "-a"}).out, "shop-once"));
  EXPECT_FALSE(says(expect(0, {"ps"}).out, "shop-once"));
}

TEST_F(Verbs, ctrl_c_ends_a_run_and_removes_it) {
  const auto program = project.start({"run", "--rm", "--name", "shop-long", "web", "sleep", "600"});
  ASSERT_TRUE(eventually([this] { return state_of("shop-long") == "running"; }, std::chrono::seconds(30)));
  program->signal(SIGINT);
  EXPECT_EQ(program->wait(std::chrono::seconds(30)).exit_code, 130);
  EXPECT_EQ(state_of("shop-long"), "missing");
}

TEST_F(Verbs, cp_copies_both_ways_with_modes) {
  project.write("site/index.html", "hello");
  project.write("site/run.sh", "#!/bin/sh\n");
  must({"chmod", "755", "site/run.sh"}, project.folder());
  const auto here = [this](const std::string& path) { return (project.folder() / path).string(); };
  expect(0, {"cp", here("site"), "web:/tmp"});
  EXPECT_EQ(expect(0, {"exec", "web", "stat", "-c", "%a %u", "/tmp/site/run.sh", "/tmp/site/index.html"}).out,
            "755 0\n644 0\n");
  expect(0, {"cp", here("site/."), "web:/tmp"});
  EXPECT_EQ(expect(0, {"exec", "web", "cat", "/tmp/index.html"}).out, "hello");
  expect(0, {"cp", "web:/tmp/site", here("back")});
  EXPECT_EQ(base::read_file(project.folder() / "back/index.html"), "hello");
  EXPECT_EQ(must({"stat", "-c", "%a", "back/run.sh"}, project.folder()), "755\n");
  expect(0, {"cp", "web:/etc/passwd", here("site")});
  EXPECT_TRUE(says(base::read_file(project.folder() / "site/passwd"), "root"));
  EXPECT_TRUE(says(expect(10, {"cp", "web:/no/such", here("x")}).err, "/no/such"));
  EXPECT_TRUE(says(expect(10, {"cp", here("site"), "web:/no/such/folder"}).err, "/no/such"));
}

TEST_F(Verbs, containers_pause_stop_start_die_and_are_waited_for) {
  expect(0, {"pause", "db"});
  EXPECT_EQ(state_of("shop-db-1"), "paused");
  expect(0, {"unpause"});
  EXPECT_EQ(state_of("shop-db-1"), "running");
  const auto before = ids();
  expect(0, {"kill", "db"});
  EXPECT_TRUE(says(expect(137, {"wait", "db"}).out, "shop-db-1: exit code 137 (killed by SIGKILL"));
  expect(0, {"start", "db"});
  EXPECT_EQ(state_of("shop-db-1"), "running");
  expect(0, {"stop"});
  EXPECT_EQ(state_of("shop-web-1"), "exited");
  expect(0, {"start"});
  expect(0, {"restart"});
  EXPECT_EQ(ids(), before);
  EXPECT_EQ(state_of("shop-web-1"), "running");
  EXPECT_TRUE(says(expect(2, {"rm", "-s", "web"}).err, "--force"));
  expect(0, {"rm", "-sf", "web"});
  EXPECT_EQ(state_of("shop-web-1"), "missing");
  EXPECT_TRUE(says(expect(10, {"start", "web"}).err, "has no container"));
  expect(0, {"create"});
  EXPECT_NE(state_of("shop-web-1"), "missing");
  EXPECT_NE(state_of("shop-web-1"), "running");
}

TEST_F(Verbs, what_runs_can_be_looked_at) {
  EXPECT_EQ(expect(0, {"ps", "--services"}).out, "db\nweb\n");
  EXPECT_EQ(expect(0, {"port", "web", "80"}).out, "127.0.0.1:18378\n");
  EXPECT_TRUE(says(expect(10, {"port", "web", "81"}).err, "18378"));
  EXPECT_TRUE(says(expect(0, {"top", "db"}).out, "sleep 600"));
  EXPECT_EQ(expect(0, {"volumes", "-q"}).out, "shop_data\n");
  EXPECT_TRUE(says(expect(0, {"ls"}).out, "running(2)"));
  EXPECT_TRUE(says(expect(0, {"images"}).out, "fresh-scenario-busybox"));
  const auto stats = nlohmann::json::parse(expect(0, {"stats", "--json"}).out);
  ASSERT_EQ(stats["containers"].size(), 2U);
  EXPECT_GT(stats["containers"][0]["memory"].get<std::int64_t>(), 0);
  const auto events = project.start({"events", "--json", "db"});
  EXPECT_TRUE(eventually(
      [&] {
        project.command({"kill", "-s", "WINCH", "db"});
        return base::read_file_if_exists(events->out_file()).value_or("").find("\"kill\"") !=
               std::string::npos;
      },
      std::chrono::seconds(20)));
}

TEST_F(Verbs, templates_show_no_secret) {
  project.write("fresh-clone.yaml",
                "version: 1\nproject: shop\nstack: {files: [compose.yaml]}\ncredentials: [token]\n");
  expect(0, {"up"});
  std::string secret = base::read_file(project.folder() / ".fresh-clone/credentials/token");
  secret.erase(secret.find_last_not_of('\n') + 1);
  ASSERT_FALSE(secret.empty());
  stack("services:\n  web: {<<: *base, labels: {note: 'has " + secret + "'}}\n");
  expect(0, {"up"});
  const std::string shown = expect(0, {"ps", "web", "--format", "{{.Labels}} {{json .}}"}).out;
  EXPECT_TRUE(says(shown, "note=has ***"));
  EXPECT_EQ(shown.find(secret), std::string::npos);
}

TEST_F(Verbs, are_shown_by_templates) {
  EXPECT_EQ(
      expect(0, {"ps", "--format", "{{.Service}} {{.State}} {{.ExitCode}} {{.Publishers}} {{.LocalVolumes}}"})
          .out,
      "db running 0 [] 0\nweb running 0 [{127.0.0.1 80 18378 tcp}] 1\n");
  const auto whole = nlohmann::json::parse(expect(0, {"ps", "--format", "{{json .}}", "web"}).out);
  EXPECT_EQ(whole["Name"], "shop-web-1");
  EXPECT_EQ(whole["Command"], "\"sleep 600\"");
  EXPECT_EQ(whole["Networks"], "shop_default");
  EXPECT_TRUE(says(whole["Status"], "Up "));
  EXPECT_TRUE(says(whole["RunningFor"], "ago"));
  EXPECT_TRUE(says(whole["CreatedAt"], " +0000 UTC"));
  EXPECT_EQ(expect(0, {"ps", "--format", "table {{.Name}}\\t{{.Service}}"}).out,
            "NAME         SERVICE\nshop-db-1    db\nshop-web-1   web\n");
  EXPECT_TRUE(says(expect(0, {"ls", "--format", "{{.Name}} {{.Status}}"}).out, "shop running(2)\n"));
  EXPECT_EQ(expect(0, {"volumes", "--format", "{{.Name}}"}).out, "shop_data\n");
  EXPECT_TRUE(says(expect(0, {"images", "--format", "{{.Service}}={{.Repository}}:{{.Tag}} {{.Size}}"}).out,
                   "web=localhost/fresh-scenario-busybox:latest "));
  EXPECT_TRUE(says(expect(0, {"stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}} {{.MemUsage}}"}).out,
                   "shop-db-1 1 "));
}

TEST_F(Verbs, take_the_flags_of_docker_compose) {
  expect(0, {"stop", "db"});
  EXPECT_EQ(expect(0, {"ps", "--services", "--filter", "status=exited"}).out, "db\n");
  EXPECT_EQ(expect(0, {"ps", "--services", "--status", "exited", "--status", "running"}).out, "db\nweb\n");
  EXPECT_TRUE(says(expect(0, {"stats", "--no-stream", "-a"}).out, "shop-db-1"));
  EXPECT_EQ(expect(0, {"ls", "-q", "--filter", "name=sho"}).out, "shop\n");
  EXPECT_EQ(expect(0, {"ls", "-q", "--filter", "name=other"}).out, "");
  expect(0, {"config", "-o", (project.folder() / "whole.yaml").string()});
  EXPECT_TRUE(says(base::read_file(project.folder() / "whole.yaml"), "name: shop"));
  EXPECT_EQ(
      expect(0,
             {"run", "--rm", "--no-deps", "--cap-drop", "ALL", "--cap-add", "NET_RAW", "web", "sh", "-c",
              "while read name value; do case $name in CapPrm:) echo $value;; esac; done </proc/self/status"})
          .out,
      "0000000000002000\n");
  expect(0, {"run", "--name", "shop-logs", "web", "sh", "-c", "true"});
  expect(0, {"up", "--scale", "db=2"});
  EXPECT_EQ(expect(0, {"logs", "-n", "all", "--index", "2", "db"}).out, "");
  stack("services:\n  web: {<<: *base}\n");
  EXPECT_EQ(expect(0, {"ps", "--services", "--orphans=false"}).out, "web\n");
  expect(0, {"kill", "--remove-orphans", "web"});
  EXPECT_EQ(state_of("shop-db-1"), "missing");
  EXPECT_EQ(state_of("shop-web-1"), "exited");
}

TEST_F(Verbs, that_only_show_end_by_the_pipe_when_nobody_reads_them) {
  stack("services:\n  db: {<<: *base, command: [sh, -c, 'while echo tick; do sleep 0.1; done']}\n");
  expect(0, {"up", "--remove-orphans"});
  project.set_prefix({"bash", "-c", "\"$@\" | head -n 1; echo ${PIPESTATUS[0]}", "first-line"});
  const auto logs = expect(0, {"logs", "-f", "db"});
  EXPECT_EQ(logs.out, "db | tick\n141\n");
  EXPECT_EQ(logs.err, "");
  const auto stats = expect(0, {"stats"});
  EXPECT_TRUE(says(stats.out, "\n141\n"));
  EXPECT_EQ(stats.err, "");
  const auto exec = expect(0, {"exec", "-T", "db", "sh", "-c", "while echo tock; do sleep 0.1; done"});
  EXPECT_EQ(exec.out, "tock\n141\n");
  EXPECT_EQ(exec.err, "");
  const auto events = project.start({"events", "db"});
  project.set_prefix({});
  EXPECT_TRUE(eventually(
      [&] {
        project.command({"kill", "-s", "WINCH", "db"});
        return !events->running();
      },
      std::chrono::seconds(20)));
  const auto ended = events->wait(std::chrono::seconds(1));
  EXPECT_TRUE(says(ended.out, "container kill shop-db-1\n141\n"));
  EXPECT_EQ(ended.err, "");
}

TEST_F(Verbs, scale_starts_and_removes_containers_of_the_named_services_alone) {
  expect(0, {"stop", "db"});
  expect(0, {"rm", "-f", "db"});
  stack(R"(services:
  db: {<<: *base, environment: {NAME: db}}
  web: {<<: *base, depends_on: [db]}
)");
  expect(0, {"scale", "--no-deps", "web=3"});
  EXPECT_EQ(state_of("shop-web-3"), "running");
  EXPECT_EQ(state_of("shop-db-1"), "missing");
  const auto before = ids();
  expect(0, {"scale", "web=1", "db=2"});
  EXPECT_EQ(state_of("shop-web-2"), "missing");
  EXPECT_EQ(state_of("shop-db-2"), "running");
  EXPECT_EQ(ids().at("shop-web-1"), before.at("shop-web-1"));
  expect(0, {"scale", "db=0"});
  EXPECT_EQ(state_of("shop-db-1"), "missing");
  EXPECT_EQ(state_of("shop-web-1"), "running");
  EXPECT_TRUE(says(expect(10, {"scale", "wbe=1"}).err, "did you mean 'web'?"));
}

TEST_F(Verbs, wait_with_down_project_removes_the_stack_at_the_end) {
  stack("services:\n  db: {<<: *base}\n  web: {<<: *base, command: [sh, -c, 'sleep 1; exit 3']}\n");
  expect(0, {"create"});
  expect(0, {"start", "db"});
  const auto early = project.start({"wait", "--down-project", "--json", "db"});
  expect(0, {"kill", "-s", "KILL", "db"});
  const auto ended = early->wait(std::chrono::seconds(60));
  EXPECT_EQ(ended.exit_code, 137) << ended.err;
  const auto result = nlohmann::json::parse(ended.out);
  EXPECT_EQ(result["containers"][0]["exit_code"], 137);
  EXPECT_EQ(result["remaining"], nlohmann::json::array());
  EXPECT_EQ(ids().size(), 0U);
}

TEST_F(Verbs, create_with_pull_build_builds_anew_and_pulls_nothing) {
  project.write("app/Dockerfile", "FROM localhost/fresh-scenario-busybox\nENV A=1\n");
  stack("services:\n  app: {<<: *base, image: fresh-scenario-app, build: app}\n");
  expect(0, {"create"});
  const auto first = ids();
  project.write("app/Dockerfile", "FROM localhost/fresh-scenario-busybox\nENV A=2\n");
  expect(0, {"create"});
  EXPECT_EQ(ids(), first);
  expect(0, {"create", "--pull", "build"});
  EXPECT_NE(ids(), first);
  stack("services:\n  web: {<<: *base, image: fresh-scenario-nobody-has}\n");
  EXPECT_TRUE(says(expect(30, {"create", "--pull", "build"}).err, "fresh-scenario-nobody-has"));
}

TEST_F(Verbs, down_of_one_service_leaves_the_others) {
  expect(0, {"down", "web"});
  EXPECT_EQ(state_of("shop-web-1"), "missing");
  EXPECT_EQ(state_of("shop-db-1"), "running");
  project.remove("compose.yaml");
  EXPECT_TRUE(says(expect(10, {"down"}).err, "no compose file"));
  expect(0, {"-p", "shop", "down", "-v"});
  EXPECT_EQ(left_in_engine(), std::vector<std::string>{});
}

}  // namespace
}  // namespace fresh::test
