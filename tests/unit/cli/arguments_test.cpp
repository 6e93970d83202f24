#include "cli/arguments.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace fresh::cli {
namespace {

Arguments parsed(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment = {}) {
  return parse(words, environment);
}

TEST(Arguments, OfRunHaveTheDefaultsOfTheContract) {
  const auto run = std::get<RunVerb>(parsed({"run"}).verb);
  EXPECT_EQ(run.settings.seed, 42);
  EXPECT_TRUE(run.settings.strict);
  EXPECT_TRUE(run.settings.reset);
  EXPECT_FALSE(run.settings.skip_notebooks);
  EXPECT_FALSE(run.settings.cpus.has_value());
  EXPECT_EQ(run.settings.mode(), "strict");
}

TEST(Arguments, OfRunAreRead) {
  const auto arguments = parsed({"run", "--strict-determinism", "--seed", "7", "--run-id", "r1", "--podman-cpus", "3", "--no-reset",
                                 "--json", "--engine", "unix:///x.sock", "--jobs", "2"});
  const auto run = std::get<RunVerb>(arguments.verb);
  EXPECT_EQ(run.settings.seed, 7);
  EXPECT_EQ(run.settings.run_id, "r1");
  EXPECT_EQ(run.settings.cpus, 3);
  EXPECT_EQ(run.settings.jobs, 2);
  EXPECT_EQ(run.settings.mode(), "no-reset");
  EXPECT_TRUE(arguments.json);
  EXPECT_EQ(arguments.surroundings.engine, "unix:///x.sock");
}

TEST(Arguments, OfTheProgramMayStandOnEitherSideOfTheVerb) {
  EXPECT_TRUE(parsed({"--json", "down"}).json);
  EXPECT_TRUE(parsed({"down", "--json"}).json);
  EXPECT_TRUE(std::get<DownVerb>(parsed({"down", "-v"}).verb).volumes);
}

TEST(Arguments, ImagesAndEngineTakeAnAction) {
  EXPECT_EQ(std::get<ImagesVerb>(parsed({"images", "lock"}).verb).action, ImagesVerb::Action::lock);
  EXPECT_EQ(std::get<EngineVerb>(parsed({"engine", "stop"}).verb).action, EngineVerb::Action::stop);
  EXPECT_THROW(parsed({"images"}), base::Error);
}

TEST(Arguments, ThatAreWrongAreUsageErrorsWithAHint) {
  try {
    parsed({"rnu"});
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::usage);
    EXPECT_EQ(error.hint(), "did you mean 'run'?");
  }
  EXPECT_THROW(parsed({}), base::Error);
  EXPECT_THROW(parsed({"run", "--seed", "many"}), base::Error);
  EXPECT_THROW(parsed({"run", "--podman-cpus", "0"}), base::Error);
  try {
    parsed({"run", "--skip-notebook"});
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.hint(), "did you mean '--skip-notebooks'?");
  }
}

TEST(Arguments, HelpAndVersionAreText) {
  EXPECT_NE(std::get<ShowText>(parsed({"--version"}).verb).text.find("fresh-clone "), std::string::npos);
  EXPECT_NE(std::get<ShowText>(parsed({"run", "--help"}).verb).text.find("--strict-determinism"), std::string::npos);
}

}  // namespace
}  // namespace fresh::cli
