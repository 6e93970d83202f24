#include "vault/run.h"

#include "unit/vault/scripted_vault.h"

#include <gtest/gtest.h>

namespace fresh::vault {
namespace {

class VaultRun : public ::testing::Test {
 protected:
  VaultRun() {
    vault.file.write(vault.kept);
    vault.answers_health(true, false);
    vault.answers_health(true, false);
  }

  void answer(const std::string& method, const std::string& path, int status,
              const std::string& body = "{}") {
    vault.server.on(method, "/v1/" + path, test::answer(status, body));
  }

  Result run() {
    return bring_up(vault.spec, vault.file, {{"jwt", "value-1"}, {"id", "id-1"}}, vault.options());
  }

  ScriptedVault vault;
};

TEST_F(VaultRun, WithNothingDeclaredOnlyOpensIt) {
  vault.answers_health(true, false);
  const auto result = run();
  EXPECT_EQ(result.changes, 0U);
  EXPECT_TRUE(result.health.initialized);
  EXPECT_FALSE(result.health.sealed);
  EXPECT_TRUE(vault.server.unexpected().empty());
}

TEST_F(VaultRun, WritesWhatIsMissingWithTheKeptToken) {
  vault.spec.policies = {{"api", "path {}"}};
  vault.spec.tokens = {{"auditor", {.credential = "id", .policies = {"api"}}}};
  answer("GET", "sys/mounts", 200, R"({"data":{}})");
  answer("GET", "sys/auth", 200, R"({"data":{}})");
  answer("GET", "sys/policies/acl/api", 404);
  answer("POST", "auth/token/lookup", 403, R"({"errors":["bad token"]})");
  answer("POST", "sys/policies/acl/api", 204);
  answer("POST", "auth/token/create", 200);
  vault.answers_health(true, false);
  EXPECT_EQ(run().changes, 2U);
  EXPECT_TRUE(vault.server.unexpected().empty());
  EXPECT_EQ(vault.server.requests().back().target, health_target);
  for (const auto& request : vault.server.requests()) {
    if (request.target != health_target) {
      EXPECT_EQ(request.headers.at("x-vault-token"), "root-token") << request.target;
    }
  }
}

TEST_F(VaultRun, ChangesNothingWhereAllIsAsDeclared) {
  vault.spec.policies = {{"api", "path {}"}};
  vault.spec.secrets = {{"apps/api", {{"jwt", "jwt"}}}};
  answer("GET", "sys/mounts", 200, R"({"data":{"secret/":{"type":"kv","options":{"version":"2"}}}})");
  answer("GET", "sys/auth", 200, R"({"data":{"approle/":{}}})");
  answer("GET", "sys/policies/acl/api", 200, R"({"data":{"policy":"path {}"}})");
  answer("GET", "secret/data/apps/api", 200, R"({"data":{"data":{"jwt":"value-1"}}})");
  vault.answers_health(true, false);
  EXPECT_EQ(run().changes, 0U);
  EXPECT_TRUE(vault.changes().empty());
}

TEST_F(VaultRun, WaitsForAKvEngineThatUpgrades) {
  vault.spec.secrets = {{"apps/api", {{"jwt", "jwt"}}}};
  answer("GET", "sys/mounts", 200, R"({"data":{}})");
  answer("GET", "sys/auth", 200, R"({"data":{}})");
  answer("POST", "sys/mounts/secret", 204);
  answer(
      "POST", "secret/data/apps/api", 400,
      R"({"errors":["Upgrading from non-versioned to versioned data. This backend will be unavailable"]})");
  answer("POST", "secret/data/apps/api", 200);
  vault.answers_health(true, false);
  EXPECT_EQ(run().changes, 2U);
}

TEST_F(VaultRun, ARefusalNamesTheCallAndNoSecret) {
  vault.spec.secrets = {{"apps/api", {{"jwt", "jwt"}}}};
  answer("GET", "sys/mounts", 200, R"({"data":{}})");
  answer("GET", "sys/auth", 200, R"({"data":{}})");
  answer("POST", "sys/mounts/secret", 403, R"({"errors":["permission denied"]})");
  const auto said = refusal([&] { run(); });
  EXPECT_NE(said.find("refused to write 'sys/mounts/secret': permission denied"), std::string::npos) << said;
  EXPECT_NE(said.find("put the vault's own key file back"), std::string::npos) << said;
}

TEST_F(VaultRun, OneThatIsSealedAtTheEndIsNoSuccess) {
  for (int i = 0; i < 20; ++i) {
    vault.answers_health(true, true);
  }
  EXPECT_NE(refusal([&] { run(); }).find("is not open within"), std::string::npos);
}

}  // namespace
}  // namespace fresh::vault
