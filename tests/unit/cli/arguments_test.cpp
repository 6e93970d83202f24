#include "cli/arguments.h"

#include "base/error.h"
#include "cli/command_values.h"

#include <gtest/gtest.h>

namespace fresh::cli {
namespace {

Arguments parsed(const std::vector<std::string>& words,
                 const std::map<std::string, std::string>& environment = {}) {
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

TEST(Arguments, AnEmptyEngineIsNoEngine) {
  for (const auto& words :
       {std::vector<std::string>{"--engine", "", "down", "-v"}, {"down", "--engine", ""}}) {
    try {
      parsed(words);
      ADD_FAILURE() << "an empty --engine was taken";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::usage);
      EXPECT_NE(error.hint().find("variable"), std::string::npos) << error.hint();
    }
  }
  EXPECT_THROW(parsed({"--engine="}), base::Error);
  EXPECT_THROW(parsed({"--engine=", "down"}), base::Error);
  EXPECT_FALSE(parsed({"down"}).surroundings.engine);
}

TEST(Arguments, OfRunAreRead) {
  const auto arguments =
      parsed({"run", "--strict-determinism", "--seed", "7", "--run-id", "r1", "--podman-cpus", "3",
              "--no-reset", "--json", "--engine", "unix:///x.sock", "--jobs", "2"});
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
  EXPECT_TRUE(std::get<DownVerb>(parsed({"down", "-v"}).verb).request.volumes);
}

TEST(Arguments, ImagesAndEngineTakeAnAction) {
  EXPECT_EQ(std::get<ImagesVerb>(parsed({"images", "lock"}).verb).action, ImagesVerb::Action::lock);
  EXPECT_EQ(std::get<EngineVerb>(parsed({"engine", "stop"}).verb).action, EngineVerb::Action::stop);
  EXPECT_EQ(std::get<ServiceImagesVerb>(parsed({"images", "web"}).verb).services,
            std::vector<std::string>{"web"});
}

TEST(Arguments, OfScaleAreAnUpOfTheseServices) {
  const auto up = std::get<UpVerb>(parsed({"scale", "web=3", "db=0", "--no-deps"}).verb).request;
  EXPECT_EQ(up.services, (std::vector<std::string>{"db", "web"}));
  EXPECT_EQ(up.scale, (std::map<std::string, int>{{"db", 0}, {"web", 3}}));
  EXPECT_FALSE(up.dependencies);
  EXPECT_TRUE(up.start);
  EXPECT_THROW(parsed({"scale"}), base::Error);
  EXPECT_THROW(parsed({"scale", "web"}), base::Error);
  EXPECT_EQ(std::get<UpVerb>(parsed({"create", "--pull", "build"}).verb).request.pull, "build");
  EXPECT_THROW(parsed({"up", "--pull", "build"}), base::Error);
  EXPECT_TRUE(std::get<ContainerVerb>(parsed({"wait", "web", "--down-project"}).verb).down_project);
}

TEST(Arguments, OfAClosedSetAreRefusedWithTheNearest) {
  EXPECT_EQ(std::get<LookVerb>(parsed({"ps", "--filter", "status=exited", "--status", "dead"}).verb).status,
            (std::vector<std::string>{"dead", "exited"}));
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"ps", "--filter", "status=runing"}, "did you mean 'running'?"},
      {{"ps", "--filter", "statsu=running"}, "did you mean 'status'?"},
      {{"ps", "--status", "exitd"}, "did you mean 'exited'?"},
      {{"ls", "--filter", "nam=x"}, "did you mean 'name'?"},
      {{"pull", "--policy", "alwys"}, "did you mean 'always'?"}};
  for (const auto& [words, hint] : wrong) {
    try {
      parsed(words);
      ADD_FAILURE() << words.back() << " was taken";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::usage);
      EXPECT_EQ(error.hint(), hint);
    }
  }
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
  EXPECT_NE(std::get<ShowText>(parsed({"run", "--help"}).verb).text.find("--strict-determinism"),
            std::string::npos);
}

using Words = std::vector<std::string>;

TEST(Arguments, WhatFollowsTheServiceIsTheCommands) {
  const auto verb =
      std::get<TalkVerb>(parsed({"exec", "-u", "ann", "-T", "web", "ls", "-a", "--json", "up"}).verb);
  EXPECT_EQ(verb.choice.service, "web");
  EXPECT_EQ(verb.command.command, (Words{"ls", "-a", "--json", "up"}));
  EXPECT_EQ(verb.command.user, "ann");
  EXPECT_TRUE(verb.no_terminal);
  EXPECT_FALSE(parsed({"exec", "web", "ls", "--json"}).json);
  EXPECT_EQ(std::get<TalkVerb>(parsed({"exec", "--index=2", "web", "--", "-x"}).verb).command.command,
            Words{"-x"});
}

TEST(Arguments, RunWithAServiceIsOneCommandOfIt) {
  const auto verb = std::get<TalkVerb>(parsed({"--project", "p", "run", "--rm", "-e", "A=b", "-e", "HOME",
                                               "-p", "80:8080", "web", "sh", "-c", "x"},
                                              {{"HOME", "/h"}})
                                           .verb);
  EXPECT_EQ(verb.action, TalkVerb::Action::run);
  EXPECT_TRUE(verb.one_off.remove);
  EXPECT_EQ(verb.one_off.command, (Words{"sh", "-c", "x"}));
  EXPECT_EQ(verb.one_off.environment, (std::map<std::string, std::string>{{"A", "b"}, {"HOME", "/h"}}));
  EXPECT_EQ(verb.one_off.publish, Words{"80:8080"});
  EXPECT_FALSE(std::get<TalkVerb>(parsed({"run", "web"}).verb).one_off.command.has_value());
  EXPECT_TRUE(std::holds_alternative<RunVerb>(parsed({"run", "--jobs", "2"}).verb));
  EXPECT_THROW(parsed({"run", "--seed", "1", "web"}), base::Error);
  EXPECT_THROW(parsed({"run", "--rm"}), base::Error);
}

TEST(Arguments, ServicesMayBeCalledLikeVerbs) {
  EXPECT_EQ(std::get<ContainerVerb>(parsed({"stop", "run", "up"}).verb).services, (Words{"run", "up"}));
  EXPECT_EQ(std::get<LogsVerb>(parsed({"logs", "engine"}).verb).services, Words{"engine"});
}

TEST(Arguments, TheFlagsOfComposeStandBeforeOrAfterTheVerb) {
  const auto arguments = parsed({"-f", "a.yaml", "-f", "/b.yaml", "-p", "shop", "logs", "-f", "web"});
  EXPECT_EQ(arguments.surroundings.compose.files.size(), 2U);
  EXPECT_TRUE(arguments.surroundings.compose.files[0].is_absolute());
  EXPECT_EQ(arguments.surroundings.compose.project_name, "shop");
  EXPECT_TRUE(std::get<LogsVerb>(arguments.verb).request.follow);
  EXPECT_EQ(std::get<LogsVerb>(arguments.verb).services, Words{"web"});
  const auto up =
      std::get<UpVerb>(parsed({"up", "--profile", "seed", "db", "--scale", "web=3", "-t", "2"}).verb).request;
  EXPECT_EQ(up.profiles, Words{"seed"});
  EXPECT_EQ(up.services, Words{"db"});
  EXPECT_EQ(up.scale.at("web"), 3);
  EXPECT_EQ(up.grace, std::chrono::seconds(2));
  EXPECT_FALSE(std::get<UpVerb>(parsed({"create"}).verb).request.start);
}

TEST(Arguments, UpStaysWhenAFlagSaysWhatItShallShowOrWaitFor) {
  const auto up = [](const Words& flags) {
    Words words{"up"};
    words.insert(words.end(), flags.begin(), flags.end());
    return std::get<UpVerb>(parsed(words).verb);
  };
  for (const Words& returns :
       {Words{}, {"-d"}, {"--wait"}, {"--no-color"}, {"-d", "--timestamps"}, {"--no-start"}}) {
    EXPECT_FALSE(up(returns).attach.has_value());
  }
  for (const Words& stays : {Words{"--attach", "web"},
                             {"--no-attach", "web"},
                             {"--attach-dependencies"},
                             {"--abort-on-container-exit"},
                             {"--exit-code-from", "web"},
                             {"--timestamps"},
                             {"--no-log-prefix"}}) {
    EXPECT_TRUE(up(stays).attach.has_value()) << stays.front();
  }
  EXPECT_EQ(up({"--attach", "a", "--attach", "b", "c"}).attach->only, (Words{"a", "b"}));
  EXPECT_TRUE(up({"--exit-code-from", "web"}).attach->aborts());
  EXPECT_FALSE(up({"--no-log-prefix"}).prefix);
  for (const Words& wrong : {Words{"-d", "--attach", "web"},
                             {"--wait", "--abort-on-container-exit"},
                             {"--no-start", "--exit-code-from", "web"},
                             {"--json", "--attach", "web"},
                             {"--attach", "web", "--attach-dependencies"},
                             {"--build", "--no-build"},
                             {"--no-recreate", "--always-recreate-deps"}}) {
    EXPECT_THROW(up(wrong), base::Error) << wrong.front();
  }
  EXPECT_TRUE(std::holds_alternative<PlanVerb>(parsed({"up", "--dry-run"}).verb));
}

TEST(Arguments, MomentsAreNumbersDatesOrDurationsAgo) {
  EXPECT_EQ(moment("--since", "1700000000", 0), 1'700'000'000);
  EXPECT_EQ(moment("--since", "2m", 1000), 880);
  EXPECT_EQ(moment("--since", "2026-01-31T12:00:00Z", 0), 1'769'860'800);
  EXPECT_EQ(moment("--since", "2026-01-31", 0), 1'769'817'600);
  for (const char* wrong : {"", "yesterday", "2026-13-01", "2026-01-31T12", "12 h ago"}) {
    EXPECT_THROW(moment("--since", wrong, 0), base::Error) << wrong;
  }
}

}  // namespace
}  // namespace fresh::cli
