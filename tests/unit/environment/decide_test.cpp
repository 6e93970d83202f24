#include "environment/decide.h"

#include <gtest/gtest.h>

namespace fresh::environment {
namespace {

const ToolFacts everything{
    .uv = {"/usr/bin/uv"}, .python = "/usr/bin/python3", .venv_module = true, .conda = "/usr/bin/micromamba"};

TEST(Decide, TheDeclaredProviderWhereItsToolIsThere) {
  for (const Provider provider : {Provider::container, Provider::uv, Provider::venv, Provider::conda}) {
    EXPECT_EQ(decide({.provider = provider}, everything).provider, provider);
  }
  EXPECT_EQ(decide({.provider = Provider::uv}, everything).why, "declared; found '/usr/bin/uv'");
}

TEST(Decide, TheContainerNeedsNothingOfTheHost) {
  EXPECT_EQ(decide({.provider = Provider::container}, {}).provider, Provider::container);
}

TEST(Decide, ADeclaredFallbackIsUsedAndSaid) {
  ToolFacts facts = everything;
  facts.conda.clear();
  const Decision decision = decide({.provider = Provider::conda, .fallback = Provider::venv}, facts);
  EXPECT_EQ(decision.provider, Provider::venv);
  EXPECT_EQ(
      decision.why,
      "declared fallback, because 'conda' cannot be used: neither conda, mamba nor micromamba was found");
}

TEST(Decide, NeverAFallbackThatNobodyDeclared) {
  ToolFacts facts = everything;
  facts.uv.clear();
  const Decision decision = decide({.provider = Provider::uv}, facts);
  EXPECT_FALSE(decision.provider);
  EXPECT_EQ(decision.why, "provider 'uv' cannot be used: uv was not found");
  EXPECT_NE(decision.remedy.find("pip install uv"), std::string::npos);
}

TEST(Decide, BothMissingNamesBoth) {
  const Decision decision =
      decide({.provider = Provider::uv, .fallback = Provider::venv, .python = "3.99"}, {});
  EXPECT_FALSE(decision.provider);
  EXPECT_NE(decision.why.find("uv was not found"), std::string::npos);
  EXPECT_NE(decision.why.find("python 3.99 was not found"), std::string::npos);
}

TEST(Decide, AVenvNeedsItsModule) {
  ToolFacts facts = everything;
  facts.venv_module = false;
  const Decision decision = decide({.provider = Provider::venv}, facts);
  EXPECT_FALSE(decision.provider);
  EXPECT_NE(decision.remedy.find("python3-venv"), std::string::npos);
}

}  // namespace
}  // namespace fresh::environment
