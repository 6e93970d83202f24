// `build` of a service: each key that the engine is said to apply does what it says.
#include "scenarios/compose_stack.h"

#include <nlohmann/json.hpp>

namespace fresh::test {
namespace {

class ServiceBuild : public ComposeStack {
 protected:
  void TearDown() override {
    for (const std::string image :
         {"shop-app", "shop-other", "fresh-scenario-tag:1", "fresh-scenario-tag:2"}) {
      must({"curl", "-sS", "-o", "/dev/null", "-X", "DELETE", "--unix-socket", engine().socket().string(),
            "http://d/v1.41/images/" + image + "?force=1"});
    }
    ComposeStack::TearDown();
  }

  bool on_podman() const { return engine().kind() == "podman"; }
  /// compose.yaml with one service `app`, built from the folder `app`.
  void app(const std::string& build, const std::string& rest = {}) const {
    stack("services:\n  app:\n    build: {context: app" + (build.empty() ? "" : ", " + build) + "}\n" + rest);
  }
  void dockerfile(const std::string& steps, const std::string& path = "app/Dockerfile") const {
    project.write(path, "FROM localhost/fresh-scenario-busybox\n" + steps);
  }
  nlohmann::json image(const std::string& name) const {
    return engine_get(engine(), "/images/" + name + "/json");
  }
  std::string id() const { return image("shop-app")["Id"]; }
  /// What a file of the image holds.
  std::string content(const std::string& path) {
    return expect(0, {"run", "--rm", "--no-deps", "-T", "app", "cat", path}).out;
  }
};

TEST_F(ServiceBuild, arguments_target_hosts_memory_and_limits_reach_the_steps) {
  project.write("app/Dockerfile",
                "FROM localhost/fresh-scenario-busybox AS wanted\nARG A=0\nARG HOST\n"
                "RUN echo \"$A $HOST\" > /arguments; /busybox grep 10.1.2.3 /etc/hosts > /hosts; "
                "/busybox df -k /dev/shm > /shm; ulimit -n > /limit\n"
                "FROM wanted AS other\nRUN echo other > /arguments\n");
  project.set_variable("HOST", "from outside");
  app("target: wanted, args: [A=1, HOST], extra_hosts: ['far=10.1.2.3'], shm_size: 8m, ulimits: {nofile: "
      "{soft: 1000, "
      "hard: 2000}, nproc: 3000}");
  expect(0, {"build"});
  EXPECT_EQ(content("/arguments"), "1 from outside\n");
  EXPECT_TRUE(says(content("/hosts"), "far"));
  EXPECT_TRUE(says(content("/shm"), " 8192 "));
  EXPECT_EQ(content("/limit"), "1000\n");
  expect(0, {"build", "--build-arg", "A=2"});
  EXPECT_EQ(content("/arguments"), "2 from outside\n");
}

TEST_F(ServiceBuild, tags_and_labels_are_on_the_image) {
  dockerfile("ENV A=b\n");
  app("tags: ['fresh-scenario-tag:1', 'localhost/fresh-scenario-tag:2'], labels: {org.example.a: b}, "
      "platforms: "
      "[linux/amd64]");
  EXPECT_TRUE(says(expect(0, {"build"}).err, "build.platforms' is approximated"));
  const auto made = image("shop-app");
  EXPECT_EQ(made["Config"]["Labels"]["org.example.a"], "b");
  EXPECT_EQ(made["Config"]["Labels"]["com.docker.compose.service"], "app");
  EXPECT_EQ(image("fresh-scenario-tag:1")["Id"], made["Id"]);
  EXPECT_EQ(image("localhost/fresh-scenario-tag:2")["Id"], made["Id"]);
  EXPECT_EQ(made["Architecture"], "amd64");
}

TEST_F(ServiceBuild, a_platform_that_the_base_has_not_is_not_built_as_another) {
  dockerfile("RUN true\n");
  app("platforms: [linux/s390x]");
  expect(30, {"build"});
}

TEST_F(ServiceBuild, networks_of_the_steps) {
  dockerfile("RUN ls /sys/class/net > /links\n");
  app("network: none");
  expect(0, {"build"});
  EXPECT_EQ(content("/links"), "lo\n");
  app("");
  expect(0, {"build", "--no-cache"});
  EXPECT_TRUE(says(content("/links"), "eth0"));
  app("network: host");
  expect(0, {"build", "--no-cache"});
  EXPECT_TRUE(says(content("/links"), "up0"));
  app("network: no-such-network");
  expect(30, {"build", "--no-cache"});
}

TEST_F(ServiceBuild, no_cache_and_cache_from) {
  dockerfile("RUN cat /proc/sys/kernel/random/uuid > /uuid\n");
  app("");
  expect(0, {"build"});
  const auto first = id();
  expect(0, {"build"});
  EXPECT_EQ(id(), first);
  app("no_cache: true");
  expect(0, {"build"});
  const auto second = id();
  EXPECT_NE(second, first);
  app("cache_from: [shop-app]");
  const auto said = expect(0, {"build"}).err;
  if (on_podman()) {
    EXPECT_TRUE(says(said, "build.cache_from' is ignored"));
  } else {
    EXPECT_EQ(id(), second);
    app("cache_from: [localhost/fresh-scenario-busybox]");
    expect(0, {"build"});
    EXPECT_NE(id(), second);
  }
}

TEST_F(ServiceBuild, a_dockerfile_of_ours_is_no_file_of_the_context) {
  project.write("app/file", "kept\n");
  project.write("app/.dockerignore", "left-out\n");
  project.write("app/left-out", "");
  app("dockerfile_inline: \"FROM localhost/fresh-scenario-busybox\\nCOPY . /all\\nRUN /busybox find /all "
      "-type f > /list\"");
  expect(0, {"build"});
  EXPECT_EQ(content("/list"), "/all/file\n");
  dockerfile("COPY . /all\nRUN /busybox find /all -type f > /list\n", "outside");
  app("dockerfile: ../outside");
  expect(0, {"build"});
  EXPECT_EQ(content("/list"), "/all/file\n");
}

TEST_F(ServiceBuild, additional_contexts_are_stages) {
  project.write("assets/logo", "a logo\n");
  project.write("other/Dockerfile", "FROM localhost/fresh-scenario-busybox\nRUN echo other > /from-other\n");
  dockerfile(
      "COPY --from=assets logo /logo\nCOPY --from=tools /etc/passwd /passwd\nCOPY --from=second /from-other "
      "/from-other\n");
  app("additional_contexts: {assets: ./assets, tools: 'docker-image://localhost/fresh-scenario-busybox', "
      "second: "
      "'service:other', unused: 'https://example.org/x.git'}",
      "  other: {build: other}\n");
  EXPECT_TRUE(says(expect(0, {"build"}).err, "is approximated"));
  EXPECT_EQ(content("/logo"), "a logo\n");
  EXPECT_EQ(content("/from-other"), "other\n");
  EXPECT_TRUE(says(content("/passwd"), "root"));

  dockerfile("COPY --from=far x /x\n");
  app("additional_contexts: {far: 'https://example.org/x.git'}");
  const auto refused = expect(10, {"up", "--build"});
  EXPECT_TRUE(says(refused.err, "compose.yaml:8:12:"));
  EXPECT_TRUE(says(refused.err, "neither a folder nor an image"));
}

TEST_F(ServiceBuild, secrets_are_mounted_on_podman_and_refused_on_docker) {
  project.write("token.txt", "t0ken-of-the-build");
  dockerfile(
      "RUN --mount=type=secret,id=token /busybox sha256sum /run/secrets/token > /sum\n"
      "COPY . /all\nRUN /busybox find /all -type f > /list\n");
  app("secrets: [{source: mine, target: token}]", "secrets: {mine: {file: token.txt}}\n");
  if (!on_podman()) {
    const auto refused = expect(10, {"build"});
    EXPECT_TRUE(says(refused.err, "mounts the secret 'token' (line 2"));
    EXPECT_TRUE(says(refused.err, "Podman"));
    return;
  }
  const auto said = expect(0, {"build"});
  EXPECT_EQ(content("/sum").substr(0, 64), must({"sha256sum", "token.txt"}, project.folder()).substr(0, 64));
  EXPECT_EQ(content("/list"), "/all/Dockerfile\n");
  EXPECT_EQ((said.out + said.err).find("t0ken"), std::string::npos);
  project.remove("token.txt");
  EXPECT_TRUE(says(expect(10, {"build"}).err, "token.txt"));
  EXPECT_EQ(content("/list"), "/all/Dockerfile\n");
}

/// A project whose only image is that of a service's `build`, under `fresh-clone run`.
class ServiceBuildInARun : public ServiceBuild {
 protected:
  void SetUp() override {
    ServiceBuild::SetUp();
    project.write("fresh-clone.yaml", "version: 1\nproject: shop\nstack: {files: [compose.yaml]}\n");
    project.write(".gitignore", ".fresh-clone/\nexports/\n");
    dockerfile("RUN echo made > /made\nCOPY . /all\n");
    web("network: none");
    must({"git", "init", "-q"}, project.folder());
    must({"git", "config", "user.email", "test@localhost"}, project.folder());
    must({"git", "config", "user.name", "test"}, project.folder());
    project.commit("a project");
  }
  void web(const std::string& build) const {
    project.write("compose.yaml", "services:\n  app:\n    build: {context: app, " + build +
                                      "}\n    command: [sleep, '600']\n    stop_signal: SIGKILL\n");
  }
  /// The id that a run recorded for the image of the service.
  static std::string recorded(const RunOutcome& outcome) {
    const auto all = nlohmann::json::parse(base::read_file(outcome.folder / "images.json"));
    for (const auto& image : all["images"]) {
      if (image["name"] == "shop-app") {
        return image["id"];
      }
    }
    return "none";
  }
  RunOutcome passes() {
    auto outcome = project.run();
    EXPECT_EQ(outcome.ended.exit_code, 0) << outcome.ended.err;
    EXPECT_EQ(outcome.gate("G4_BUILD")["result"], "passed");
    EXPECT_EQ(recorded(outcome), id());
    return outcome;
  }
};

TEST_F(ServiceBuildInARun, is_made_by_G4_when_it_is_missing_or_its_inputs_changed) {
  const auto first = passes();
  EXPECT_EQ(first.status()["grade"], "A");
  EXPECT_EQ(state_of("shop-app-1"), "running");
  const auto second = passes();
  EXPECT_EQ(recorded(second), recorded(first));
  EXPECT_EQ(second.status()["grade"], "A");

  expect(0, {"down"});
  must({"curl", "-sSf", "-o", "/dev/null", "-X", "DELETE", "--unix-socket", engine().socket().string(),
        "http://d/v1.41/images/shop-app?force=1"});
  const auto again = passes();
  if (on_podman()) {
    EXPECT_EQ(recorded(again), recorded(first));
  } else {
    EXPECT_NE(recorded(again), recorded(first));
  }
  expect(0, {"build"});
  EXPECT_EQ(recorded(passes()) == recorded(again), on_podman());

  project.write("app/more", "new\n");
  project.commit("one more file");
  EXPECT_NE(recorded(passes()), recorded(again));
}

TEST_F(ServiceBuildInARun, with_a_network_is_said_and_refused_by_locked) {
  web("no_cache: false");
  project.commit("a build with a network");
  const auto outcome = passes();
  EXPECT_EQ(outcome.status()["grade"], "B");
  EXPECT_TRUE(says(outcome.ended.err, "is locked nowhere"));
  EXPECT_TRUE(says(outcome.gate("G4_BUILD")["reason"], "1 of them with a network"));
  expect_G4_failed(project.run({"--locked"}), {"compose.yaml:3:", "'app' has a network"}, "network: none");
}

TEST_F(ServiceBuildInARun, that_fails_is_G4_failing_with_its_place_and_last_words) {
  dockerfile("RUN echo these are my last words && exit 3\n");
  project.commit("a mistake");
  const auto outcome = project.run();
  expect_G4_failed(outcome, {"compose.yaml:3:", "'app'", "exit status 3"}, "app/Dockerfile");
  EXPECT_TRUE(says(outcome.ended.err, "these are my last words"));
}

}  // namespace
}  // namespace fresh::test
