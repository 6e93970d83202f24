// The main job on a fresh clone of this repository, in its light profile on both engines with equal results.
#include "scenarios/demo_project.h"
#include "scenarios/secret_search.h"

#include <gtest/gtest.h>

namespace fresh::test {
namespace {

TEST(Demo, secrets_are_found_wherever_they_are) {
  const base::TemporaryFolder project("fresh-secrets-test");
  const std::string secret = "0123456789abcdef0123456789abcdef";
  const auto write = [&](const char* name, const std::string& text) {
    base::write_file_atomic(project.path() / name, text, 0600);
  };
  std::filesystem::create_directories(project.path() / ".fresh-clone/credentials");
  write(".fresh-clone/credentials/token", secret + "\n");
  write(".vault-keys",
        "{\"keys\": [\"fedcba9876543210fedcba9876543210\"], \"root_token\": \"hvs.abcdefghijklmnop\"}");
  write("log", std::string("\0\xff", 2) + "its token is " + secret + " indeed");
  write("clean", "its token is hidden");
  // `user:` and the secret, as a web client sends them.
  write("basic", "Authorization: Basic dXNlcjowMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==");
  const SecretSearch search(project.path());
  EXPECT_EQ(search.count(), 3U);
  EXPECT_EQ(search.in_folder(project.path()),
            (Finds{".fresh-clone/credentials/token: token", ".vault-keys: vault key 2",
                   ".vault-keys: vault root token", "basic: token", "log: token"}));
  EXPECT_EQ(search.in("a" + secret, "here"), Finds{"here: token"});
  EXPECT_EQ(search.in(secret.substr(1), "here"), Finds{});
}

TEST(Demo, the_light_profile_passes_twice_on_podman_and_once_on_docker) {
  const std::vector<std::string> light{"--strict-determinism", "--environment", "dev"};
  const auto podman = demo_project(nullptr);
  const auto first = podman->run(light);
  expect_demo_pass(first, 3);
  const auto second = podman->run(light);
  expect_demo_pass(second, 3);
  EXPECT_EQ(podman->command({"down", "-v"}).exit_code, 0);
  EXPECT_EQ(podman->command({"engine", "stop"}).exit_code, 0);
  expect_equal(first, second);

  const auto docker = demo_project(&RealEngine::shared());
  const auto third = docker->run(light);
  expect_demo_pass(third, 3);
  expect_no_secret_outside(docker->folder(), RealEngine::shared().socket());
  EXPECT_EQ(docker->command({"down", "-v"}).exit_code, 0);
  expect_equal(first, third);
}

}  // namespace
}  // namespace fresh::test
