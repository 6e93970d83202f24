// The main job on a fresh clone of this repository: the light profile on both engines with equal results, and
// the whole stack twice on the embedded Podman (`make demo`: its first build alone takes minutes).
#include "base/process.h"
#include "scenarios/scenario.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fresh::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// A clone of the last commit with what is not committed yet on top, so that what is tested is what is here.
void clone_here(const fs::path& folder) {
  must({"git", "clone", "-q", FRESH_SOURCE_DIR, folder.string()});
  must({"bash", "-euc",
        "cd '" FRESH_SOURCE_DIR
        "'; git ls-files -z -m -o --exclude-standard | while IFS= read -r -d '' f; do "
        "[ -e \"$f\" ] && cp --parents -a \"$f\" \"$0\" || rm -f \"$0/$f\"; done",
        folder.string()});
  must({"sh", "-ec",
        "git config user.name demo; git config user.email demo@example.invalid; git add -A; "
        "git diff --cached --quiet || git commit -q -m 'as it is here'"},
       folder);
}

/// `elsewhere`: notebooks that need services which the profile does not have.
void expect_pass(const RunOutcome& outcome, int elsewhere) {
  ASSERT_EQ(outcome.ended.exit_code, 0) << outcome.ended.err;
  const json status = outcome.status();
  EXPECT_EQ(status.value("result", ""), "PASS");
  EXPECT_EQ(status.value("determinism_gate", ""), "pass");
  EXPECT_EQ(status["notebooks"].value("total", 0), 15);
  EXPECT_EQ(status["notebooks"].value("pass", 0), 15 - elsewhere);
  EXPECT_EQ(status["notebooks"].value("not_applicable", 0), elsewhere);
  for (const auto& [name, health] : status["services"].items()) {
    EXPECT_EQ(health, "healthy") << name;
  }
  must({"sha256sum", "--check", "--strict", "--quiet", "checksums.txt"}, outcome.folder);
}

void expect_equal(const RunOutcome& one, const RunOutcome& other) {
  EXPECT_EQ(one.status()["fingerprint"], other.status()["fingerprint"]);
  EXPECT_EQ(one.leaves(), other.leaves());
  std::cout << one.last_line() << "\n" << other.last_line() << "\n";
}

TEST(Demo, the_light_profile_passes_twice_on_podman_and_once_on_docker) {
  const std::vector<std::string> light{"--strict-determinism", "--environment", "dev"};
  Project podman(nullptr, clone_here);
  podman.use_callers_cache();
  const auto first = podman.run(light);
  expect_pass(first, 3);
  const auto second = podman.run(light);
  expect_pass(second, 3);
  EXPECT_EQ(podman.command({"down", "-v"}).exit_code, 0);
  EXPECT_EQ(podman.command({"engine", "stop"}).exit_code, 0);
  expect_equal(first, second);

  Project docker(&RealEngine::shared(), clone_here);
  docker.use_callers_cache();
  const auto third = docker.run(light);
  expect_pass(third, 3);
  EXPECT_EQ(docker.command({"down", "-v"}).exit_code, 0);
  expect_equal(first, third);
}

TEST(WholeDemo, passes_twice_on_podman) {
  Project podman(nullptr, clone_here);
  podman.use_callers_cache();
  const auto first = podman.run({"--strict-determinism"});
  expect_pass(first, 0);
  const auto second = podman.run({"--strict-determinism"});
  expect_pass(second, 0);
  EXPECT_EQ(podman.command({"down", "-v"}).exit_code, 0);
  EXPECT_EQ(podman.command({"engine", "stop"}).exit_code, 0);
  expect_equal(first, second);
}

}  // namespace
}  // namespace fresh::test
