#include "vault/plan.h"

#include "unit/vault/scripted_vault.h"

#include <gtest/gtest.h>

namespace fresh::vault {
namespace {

Declared wanted() {
  return {.mount = "secret",
          .policies = {{"api", "path \"secret/data/api\" {}"}},
          .secrets = {{"apps/api", {{"jwt", "value-of-jwt"}}}},
          .approles = {{"api", {.role_id = "the-role", .secret_id = "the-secret", .policies = {"api"}}}},
          .tokens = {{"auditor", {.id = "the-token", .policies = {"api"}}}}};
}

/// A vault that holds exactly that.
Observed equal() {
  return {.mount = Observed::Mount{"kv", "2"},
          .has_approle = true,
          .policies = {{"api", "path \"secret/data/api\" {}"}},
          .secrets = {{"apps/api", {{"jwt", "value-of-jwt"}}}},
          .approles = {{"api",
                        {.role_id = "the-role", .policies = {"api"}, .accessors = {"a1"}, .accessor = "a1"}}},
          .tokens = {{"auditor", {.policies = {"api"}, .ttl = 2'000'000, .period = 2'764'800}}}};
}

TEST(VaultPlan, MakesAllInAFreshOne) {
  const auto steps = plan(wanted(), {});
  EXPECT_EQ(to_text(steps),
            "write vault:mount:secret (does not exist)\n"
            "write vault:policy:api (does not exist)\n"
            "write vault:secret:apps/api (does not exist)\n"
            "write vault:auth:approle (does not exist)\n"
            "write vault:approle:api (does not exist)\n"
            "write vault:approle:api:role-id (does not exist)\n"
            "write vault:approle:api:secret-id (does not exist)\n"
            "write vault:token:auditor (does not exist)\n");
  EXPECT_EQ(steps[0].path, "sys/mounts/secret");
  EXPECT_EQ(steps[0].body, R"({"options":{"version":"2"},"type":"kv"})");
  EXPECT_EQ(steps[2].path, "secret/data/apps/api");
  EXPECT_EQ(steps[2].body, R"({"data":{"jwt":"value-of-jwt"}})");
  EXPECT_EQ(steps[6].path, "auth/approle/role/api/custom-secret-id");
  EXPECT_EQ(steps[7].body,
            R"({"display_name":"auditor","id":"the-token","no_default_policy":true,"no_parent":true,)"
            R"("period":"2764800s","policies":["api"]})");
}

TEST(VaultPlan, IsEmptyWhenAllIsAsDeclared) {
  EXPECT_EQ(to_text(plan(wanted(), equal())), "");
}

TEST(VaultPlan, MendsOnlyWhatDiffers) {
  auto observed = equal();
  observed.policies["api"] = "wider";
  observed.secrets["apps/api"]["more"] = "by hand";
  observed.approles["api"].policies.insert("admin");
  observed.tokens["auditor"].policies.insert("root");
  EXPECT_EQ(to_text(plan(wanted(), observed)),
            "write vault:policy:api (differs)\n"
            "write vault:secret:apps/api (differs)\n"
            "write vault:approle:api (differs)\n"
            "write vault:token:auditor (its policies differ)\n"
            "write vault:token:auditor (differs)\n");
}

TEST(VaultPlan, ANewSecretIdEndsTheOldOne) {
  auto observed = equal();
  observed.approles["api"].accessor.reset();
  const auto steps = plan(wanted(), observed);
  EXPECT_EQ(to_text(steps),
            "write vault:approle:api:secret-id (does not exist)\n"
            "write vault:approle:api:secret-id (another one is valid)\n");
  EXPECT_EQ(steps[1].body, R"({"secret_id_accessor":"a1"})");
}

TEST(VaultPlan, RenewsATokenThatEndsSoon) {
  auto observed = equal();
  observed.tokens["auditor"].ttl = 100;
  EXPECT_EQ(to_text(plan(wanted(), observed)), "write vault:token:auditor (ends soon)\n");
}

TEST(VaultPlan, LeavesAloneWhatIsNotDeclared) {
  auto declared = wanted();
  declared.secrets.clear();
  declared.approles.clear();
  declared.tokens.clear();
  auto observed = equal();
  observed.mount = Observed::Mount{"ssh", ""};
  EXPECT_EQ(to_text(plan(declared, observed)), "");
}

TEST(VaultPlan, RefusesAMountOfAnotherKind) {
  for (const auto& mount : {Observed::Mount{"kv", "1"}, Observed::Mount{"ssh", ""}}) {
    auto observed = equal();
    observed.mount = mount;
    EXPECT_NE(refusal([&] { plan(wanted(), observed); }).find("expected kv version 2"), std::string::npos);
  }
}

TEST(VaultPlan, ItsTextHoldsNoSecret) {
  const std::string text = to_text(plan(wanted(), {}));
  for (const char* secret : {"value-of-jwt", "the-role", "the-secret", "the-token"}) {
    EXPECT_EQ(text.find(secret), std::string::npos) << secret;
  }
}

}  // namespace
}  // namespace fresh::vault
