#include "environment/load.h"

#include "base/error.h"
#include "document/load_yaml.h"
#include "environment/variables.h"

#include <gtest/gtest.h>

namespace fresh::environment {
namespace {

EnvironmentSpec loaded(const std::string& yaml) {
  return load(document::load_yaml(yaml, "fresh-clone.yaml"));
}

void expect_refused(const std::string& yaml, const std::string& words) {
  try {
    loaded(yaml);
    ADD_FAILURE() << "accepted: " << yaml;
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::precheck);
    EXPECT_NE(error.render().find(words), std::string::npos) << error.render();
  }
}

TEST(EnvironmentLoad, NothingDeclaredMeansTheContainer) {
  const EnvironmentSpec spec = load(document::Node{});
  EXPECT_EQ(spec.provider, Provider::container);
  EXPECT_FALSE(spec.fallback);
  EXPECT_EQ(spec.lock(Provider::container), "requirements.lock");
  EXPECT_EQ(spec.lock(Provider::conda), "environment.yml");
}

TEST(EnvironmentLoad, ReadsEveryKey) {
  const EnvironmentSpec spec = loaded(
      "provider: uv\nfallback: venv\nlock: images/runtime/requirements.lock\npython: '3.11'\nimage: "
      "localhost/r:1\n"
      "require: [TZ, JANUSGRAPH_PORT]\nvariables: {JANUSGRAPH_PORT: 18182}\n");
  EXPECT_EQ(spec.provider, Provider::uv);
  EXPECT_EQ(spec.fallback, Provider::venv);
  EXPECT_EQ(spec.lock(Provider::uv), "images/runtime/requirements.lock");
  EXPECT_EQ(spec.lock(Provider::venv), "images/runtime/requirements.lock");
  EXPECT_EQ(spec.python, "3.11");
  EXPECT_EQ(spec.image, "localhost/r:1");
  EXPECT_EQ(spec.require, (std::vector<std::string>{"TZ", "JANUSGRAPH_PORT"}));
  EXPECT_EQ(spec.variables.at("JANUSGRAPH_PORT"), "18182");
}

TEST(EnvironmentLoad, CondaAndItsFallbackHaveLocksOfTheirOwn) {
  EXPECT_EQ(loaded("provider: conda\nfallback: venv\nlock: env.yml\n").lock(Provider::venv),
            "requirements.lock");
  const EnvironmentSpec both = loaded("provider: conda\nfallback: uv\nlock: {conda: env.yml, uv: r.lock}\n");
  EXPECT_EQ(both.lock(Provider::conda), "env.yml");
  EXPECT_EQ(both.lock(Provider::uv), "r.lock");
}

TEST(EnvironmentLoad, RefusesWithPlaceAndAdvice) {
  expect_refused("provider: contaner\n", "did you mean 'container'?");
  expect_refused("provider: poetry\n", "there is no environment provider 'poetry'");
  expect_refused("provider: uv\nfallback: uv\n", "fresh-clone.yaml:2:11");
  expect_refused("providers: uv\n", "providers");
  expect_refused("lock: /etc/requirements.lock\n", "not inside the project");
  expect_refused("lock: a/../../b\n", "not inside the project");
  expect_refused("require: [A B]\n", "'A B' is no variable name");
  expect_refused("variables: {1A: x}\n", "'1A' is no variable name");
}

const EnvironmentSpec requiring{.require = {"TZ", "JANUSGRAPH_PORT"},
                                .variables = {{"JANUSGRAPH_PORT", "18182"}}};

TEST(RunVariables, AreTheDeclaredOnesUnderTheControls) {
  const auto variables =
      run_variables(requiring, {{"TZ", "UTC"}}, {{"TZ", "Europe/Paris"}, {"EDITOR", "vi"}});
  EXPECT_EQ(variables, (std::map<std::string, std::string>{{"JANUSGRAPH_PORT", "18182"}, {"TZ", "UTC"}}));
}

TEST(RunVariables, ARequiredNameMayComeFromTheProcess) {
  const auto variables =
      run_variables({.require = {"TOKEN_FILE"}}, {}, {{"TOKEN_FILE", "/run/t"}, {"HOME", "/root"}});
  EXPECT_EQ(variables, (std::map<std::string, std::string>{{"TOKEN_FILE", "/run/t"}}));
}

TEST(RunVariables, EveryMissingNameIsNamed) {
  try {
    run_variables({.require = {"A", "B", "C"}, .variables = {{"C", ""}}}, {{"A", "1"}}, {});
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::precheck);
    EXPECT_EQ(error.message(), "required variables are not set: B, C");
    EXPECT_NE(error.hint().find("environment.variables"), std::string::npos);
  }
}

}  // namespace
}  // namespace fresh::environment
