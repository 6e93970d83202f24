// A registry that asks for a password, and the files that `docker login` and `podman login` write.
#include "scenarios/compose_stack.h"
#include "support/local_registry.h"

#include <csignal>

namespace fresh::test {
namespace {

namespace fs = std::filesystem;

std::string base64(const std::string& text) {
  return must({"sh", "-c", "printf %s \"$0\" | base64 -w 0", text});
}

class RegistryLogin : public ComposeStack {
 protected:
  void SetUp() override {
    ComposeStack::SetUp();
    project.set_variable("HOME", home().string());
    project.set_variable("XDG_RUNTIME_DIR", (home() / "run").string());
    project.set_variable("DOCKER_CONFIG", "");
    project.set_variable("REGISTRY_AUTH_FILE", "");
    fs::create_directories(home());
    base::write_file_atomic(project.folder() / "image/Dockerfile",
                            "FROM localhost/fresh-scenario-busybox\nENV OF=registry\n");
    stack("services:\n  tool: {<<: *base, image: " + tool() + ", build: image}\n");
    say(expect(0, {"build"}));
  }
  void TearDown() override {
    forget(tool());
    forget(host() + "/team/app:1");
    ComposeStack::TearDown();
  }

  const std::string& host() const { return registry_.host(); }
  std::string tool() const { return host() + "/team/tool:1"; }
  fs::path home() const { return project.folder().parent_path() / "home"; }
  fs::path docker_file() const { return home() / ".docker/config.json"; }
  static std::string secret() { return LocalRegistry::password; }
  static std::string encoded() {
    return base64(std::string(LocalRegistry::user) + ":" + LocalRegistry::password);
  }
  /// What `docker login` writes.
  std::string entry() const { return R"({"auths": {")" + host() + R"(": {"auth": ")" + encoded() + "\"}}}"; }
  void log_in() const { base::write_file_atomic(docker_file(), entry()); }
  void forget(const std::string& image) const {
    must({"curl", "-sS", "-o", "/dev/null", "-X", "DELETE", "--unix-socket", engine().socket().string(),
          "http://d/v1.41/images/" + image + "?force=1"});
  }
  /// Pushes the tool, logs out, and takes it away from the engine: the registry alone has it.
  void only_in_the_registry() {
    log_in();
    say(expect(0, {"push"}));
    fs::remove(docker_file());
    forget(tool());
    stack("services:\n  tool: {<<: *base, image: " + tool() + "}\n");
  }
  /// Keeps what was printed, for the search for the secret.
  Ended say(Ended ended) {
    said_ += ended.out + ended.err;
    return ended;
  }
  void expect_no_secret() const {
    EXPECT_EQ(said_.find(secret()), std::string::npos);
    EXPECT_EQ(said_.find(encoded()), std::string::npos);
    for (const auto& entry : fs::recursive_directory_iterator(project.folder())) {
      if (entry.is_regular_file()) {
        const auto text = base::read_file(entry.path());
        EXPECT_EQ(text.find(secret()), std::string::npos) << entry.path();
        EXPECT_EQ(text.find(encoded()), std::string::npos) << entry.path();
      }
    }
  }
  void expect_way_in(const Ended& ended, const std::string& file) const {
    EXPECT_TRUE(says(ended.err, "'" + host() + "'"));
    EXPECT_TRUE(says(ended.err, file));
    EXPECT_TRUE(says(ended.err, engine().kind() + " login " + host()));
  }

  LocalRegistry registry_{18556};
  std::string said_;
};

TEST_F(RegistryLogin, push_and_pull_are_let_in_by_the_file_of_docker_login) {
  expect_way_in(say(expect(30, {"push"})), docker_file().string());
  log_in();
  say(expect(0, {"push"}));
  EXPECT_FALSE(registry_.digest_of("team/tool", "1").empty());

  fs::remove(docker_file());
  forget(tool());
  stack("services:\n  tool: {<<: *base, image: " + tool() + "}\n");
  expect_way_in(say(expect(30, {"pull"})), docker_file().string());
  expect_way_in(say(expect(30, {"up"})), docker_file().string());
  EXPECT_EQ(state_of("shop-tool-1"), "missing");
  log_in();
  EXPECT_TRUE(says(say(expect(0, {"pull"})).out, tool()));
  forget(tool());
  say(expect(0, {"up"}));
  EXPECT_EQ(state_of("shop-tool-1"), "running");
  say(expect(0, {"up", "--pull", "always"}));
  say(expect(0, {"down"}));
  expect_no_secret();
}

TEST_F(RegistryLogin, a_wrong_password_is_said_and_not_shown) {
  base::write_file_atomic(docker_file(), R"({"auths": {")" + host() + R"(": {"auth": ")" +
                                             base64("bob:wr0ng-passw0rd") + "\"}}}");
  const auto ended = say(expect(30, {"push"}));
  expect_way_in(ended, docker_file().string());
  EXPECT_TRUE(says(ended.err, "does not take the credentials"));
  EXPECT_EQ(said_.find("wr0ng-passw0rd"), std::string::npos) << said_;
}

TEST_F(RegistryLogin, a_build_gets_its_private_base) {
  only_in_the_registry();
  project.write("app/Dockerfile", "ARG TAG\nFROM " + host() + "/team/tool:${TAG}\nENV MADE=here\n");
  stack("services:\n  app: {<<: *base, image: app, build: {context: app, args: {TAG: '1'}}}\n");
  expect_way_in(say(expect(30, {"build"})), docker_file().string());
  log_in();
  say(expect(0, {"build"}));
  forget("app");
  expect_no_secret();
}

TEST_F(RegistryLogin, podmans_file_and_a_credential_helper_count_too) {
  only_in_the_registry();
  const auto named = home() / "auth.json";
  project.set_variable("REGISTRY_AUTH_FILE", named.string());
  EXPECT_TRUE(says(say(expect(10, {"pull"})).err, named.string()));
  base::write_file_atomic(named, entry());
  say(expect(0, {"pull"}));
  forget(tool());
  project.set_variable("REGISTRY_AUTH_FILE", "");

  const auto helper = home() / "bin/docker-credential-of-the-test";
  base::write_file_atomic(docker_file(), R"({"credHelpers": {")" + host() + R"(": "of-the-test"}})");
  // On Podman the file of Docker is the last that counts: it stops nobody who gets in without.
  const int code = engine().kind() == "docker" ? 10 : 30;
  EXPECT_TRUE(
      says(say(expect(code, {"pull"})).err, "'docker-credential-of-the-test', which is not installed"));
  base::write_file_atomic(helper,
                          "#!/bin/sh\nread -r server\n[ \"$1 $server\" = 'get " + host() +
                              "' ] && echo '{\"Username\": \"bob\", \"Secret\": \"" + secret() + "\"}'\n",
                          0755);
  project.set_variable("PATH", helper.parent_path().string() + ":" + std::getenv("PATH"));
  say(expect(0, {"pull"}));
  expect_no_secret();
}

TEST_F(RegistryLogin, a_broken_file_is_no_anonymous_user) {
  base::write_file_atomic(docker_file(), "{\"auths\": {\n  \"" + host() + "\": " + secret());
  const auto ended = say(expect(engine().kind() == "docker" ? 10 : 30, {"push"}));
  EXPECT_TRUE(says(ended.err, docker_file().string() + "' cannot be read: line 2"));
  expect_no_secret();
}

TEST_F(RegistryLogin, docker_s_broken_file_is_passed_over_on_podman) {
  only_in_the_registry();
  base::write_file_atomic(docker_file(), "{broken");
  base::write_file_atomic(home() / "run/containers/auth.json", entry());
  say(expect(engine().kind() == "docker" ? 10 : 0, {"pull"}));
  expect_no_secret();
}

TEST_F(RegistryLogin, ctrl_c_does_not_wait_for_a_helper) {
  const auto helper = home() / "bin/docker-credential-slow";
  const auto begun = home() / "begun";
  base::write_file_atomic(docker_file(), R"({"credsStore": "slow"})");
  base::write_file_atomic(helper, "#!/bin/sh\ntouch '" + begun.string() + "'\nexec sleep 600\n", 0755);
  project.set_variable("PATH", helper.parent_path().string() + ":" + std::getenv("PATH"));
  const auto program = project.start({"push"});
  ASSERT_TRUE(eventually([&] { return fs::exists(begun); }, std::chrono::seconds(20)));
  program->signal(SIGINT);
  EXPECT_EQ(program->wait(std::chrono::seconds(20)).exit_code, 130);
}

TEST_F(RegistryLogin, gate_G4_pulls_what_the_project_declares) {
  only_in_the_registry();
  project.remove("compose.yaml");
  project.write("fresh-clone.yaml",
                "version: 1\nproject: shop\nimages:\n  - {name: \"" + tool() + "\", pull: missing}\n");
  must({"git", "init", "-q"}, project.folder());
  must({"git", "config", "user.email", "test@localhost"}, project.folder());
  must({"git", "config", "user.name", "test"}, project.folder());
  project.write(".gitignore", ".fresh-clone/\nexports/\n");
  project.commit("a project");
  const auto refused = project.run();
  say(refused.ended);
  expect_G4_failed(refused, {tool()}, engine().kind() + " login " + host());
  log_in();
  const auto passed = project.run();
  say(passed.ended);
  EXPECT_EQ(passed.ended.exit_code, 0) << passed.ended.err;
  EXPECT_EQ(passed.gate("G4_BUILD")["result"], "passed");
  expect_no_secret();
}

}  // namespace
}  // namespace fresh::test
