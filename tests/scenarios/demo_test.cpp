// The main job on a fresh clone of this repository: the full stack twice on the embedded Podman, the light profile on
// both engines, with equal results.
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

TEST(Demo, passes_twice_on_podman_and_its_light_profile_on_both_engines) {
  Project podman(nullptr, clone_here);
  podman.use_callers_cache();
  const auto first = podman.run({"--strict-determinism"});
  expect_pass(first, 0);
  const auto second = podman.run({"--strict-determinism"});
  expect_pass(second, 0);
  EXPECT_EQ(podman.command({"down", "-v"}).exit_code, 0);

  EXPECT_EQ(first.status()["fingerprint"], second.status()["fingerprint"]);
  EXPECT_EQ(first.leaves(), second.leaves());
  std::cout << first.last_line() << "\n" << second.last_line() << "\n";

  // The light profile on the same store of images, and on Docker.
  const auto light = podman.run({"--strict-determinism", "--environment", "dev"});
  expect_pass(light, 3);
  EXPECT_EQ(podman.command({"down", "-v"}).exit_code, 0);
  EXPECT_EQ(podman.command({"engine", "stop"}).exit_code, 0);

  Project docker(&RealEngine::shared(), clone_here);
  docker.use_callers_cache();
  const auto other = docker.run({"--strict-determinism", "--environment", "dev"});
  expect_pass(other, 3);
  EXPECT_EQ(docker.command({"down", "-v"}).exit_code, 0);
  EXPECT_EQ(light.status()["fingerprint"], other.status()["fingerprint"]);
  EXPECT_EQ(light.leaves(), other.leaves());
  std::cout << light.last_line() << "\n" << other.last_line() << "\n";
}

}  // namespace
}  // namespace fresh::test
