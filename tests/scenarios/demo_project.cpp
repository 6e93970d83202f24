#include "scenarios/demo_project.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace fresh::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

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

}  // namespace

std::unique_ptr<Project> demo_project(const RealEngine* engine) {
  auto project = std::make_unique<Project>(engine, clone_here);
  project->use_callers_cache();
  if (const char* store = std::getenv("FRESH_DEMO_STORE")) {
    project->set_variable("XDG_DATA_HOME", store);
  }
  return project;
}

void expect_demo_pass(const RunOutcome& outcome, int elsewhere) {
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

fs::path socket_of(Project& project) {
  const auto said = project.command({"engine", "status", "--json"});
  const auto uri = json::parse(said.out).at("endpoint").get<std::string>();
  static constexpr std::string_view scheme = "unix://";
  if (!uri.starts_with(scheme)) {
    throw std::runtime_error("the engine has no socket here: " + uri);
  }
  return uri.substr(scheme.size());
}

}  // namespace fresh::test
