#include "vault/load.h"

#include "base/error.h"
#include "base/file.h"
#include "document/load_yaml.h"

#include <gtest/gtest.h>

namespace fresh::vault {
namespace {

class VaultLoad : public ::testing::Test {
 protected:
  VaultLoad() { base::write_file_atomic(folder.path() / "vault/api.hcl", "path \"x\" {}"); }

  VaultSpec load_text(const std::string& yaml) {
    const auto root = document::load_yaml(yaml, "fresh-clone.yaml");
    return load(root, folder.path());
  }
  std::string refused(const std::string& more) {
    try {
      load_text("service: vault\naddress: http://127.0.0.1:8200\n" + more);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::precheck);
      return error.message() + "\nhint: " + error.hint();
    }
    return "(accepted)";
  }

  base::TemporaryFolder folder{"fv"};
};

TEST_F(VaultLoad, ReadsAll) {
  const auto spec = load_text(
      "service: vault\n"
      "address: http://127.0.0.1:18200\n"
      "shares: 4\n"
      "threshold: 2\n"
      "policies: {api: vault/api.hcl}\n"
      "secrets: {apps/api: {jwt: jwt_secret, password: db_password}}\n"
      "approles: {api: {role_id: api_role, secret_id: api_secret, policies: [api, default]}}\n"
      "tokens: {auditor: {token: audit_token, policies: [api]}}\n");
  EXPECT_EQ(spec.endpoint.port, 18200);
  EXPECT_FALSE(spec.endpoint.tls);
  EXPECT_EQ(spec.shares, 4);
  EXPECT_EQ(spec.threshold, 2);
  EXPECT_EQ(spec.keys, ".vault-keys");
  EXPECT_EQ(spec.mount, "secret");
  EXPECT_EQ(spec.policies.at("api"), "path \"x\" {}");
  EXPECT_EQ(spec.secrets.at("apps/api").at("password"), "db_password");
  EXPECT_EQ(spec.approles.at("api").policies, (std::set<std::string>{"api", "default"}));
  EXPECT_EQ(spec.credentials(),
            (std::set<std::string>{"api_role", "api_secret", "audit_token", "db_password", "jwt_secret"}));
}

TEST_F(VaultLoad, ReadsTls) {
  base::write_file_atomic(folder.path() / "ca.pem", "x");
  const auto spec =
      load_text("service: v\naddress: https://h:1\ntls: {ca: ca.pem, server_name: vault.local}\n");
  ASSERT_TRUE(spec.endpoint.tls);
  EXPECT_EQ(spec.endpoint.tls->ca, (folder.path() / "ca.pem").string());
  EXPECT_EQ(spec.endpoint.tls->server_name, "vault.local");
  EXPECT_TRUE(spec.endpoint.tls->verify);
}

TEST_F(VaultLoad, RefusesWithThePlace) {
  const std::pair<const char*, const char*> cases[] = {
      {"shares: 3\nthreshold: 4\n", "3 shares with the threshold 4 cannot be"},
      {"shares: 3\nthreshold: 1\n", "3 shares with the threshold 1 cannot be"},
      {"shares: 256\n", "256 shares"},
      {"keys: exports/keys\n", "may not lie below exports/"},
      {"keys: .\n", "needs a name"},
      {"keys: ../keys\n", "is not inside the project"},
      {"keys: /keys\n", "is not inside the project"},
      {"tls: {ca: ca.pem}\n", "needs an address that begins with https://"},
      {"policies: {api: vault/none.hcl}\n", "there is no file 'vault/none.hcl'"},
      {"policies: {Api: vault/api.hcl}\n", "'Api' is no name of a policy"},
      {"policies: {api: vault/api.hcl}\ntokens: {a: {token: t, policies: [apj]}}\n", "did you mean 'api'?"},
      {"tokens: {a: {token: t}}\n", "names no policy"},
      {"secrets: {/apps: {a: b}}\n", "'/apps' is no path of the vault"},
      {"secrets: {a/../b: {a: b}}\n", "is no path of the vault"},
      {"secrets: {apps: {}}\n", "has no values"},
      {"polices: {}\n", "did you mean 'policies'?"}};
  for (const auto& [yaml, words] : cases) {
    const auto said = refused(yaml);
    EXPECT_NE(said.find(words), std::string::npos) << yaml << said;
    EXPECT_NE(said.find("fresh-clone.yaml:"), std::string::npos) << said;
  }
}

TEST_F(VaultLoad, RefusesAnAddressThatIsNone) {
  for (const char* address : {"127.0.0.1:8200", "tcp://h:1", "http://", "https://h:99999", "unix:///x"}) {
    EXPECT_THROW(load_text(std::string("service: v\naddress: ") + address + "\n"), base::Error) << address;
  }
}

}  // namespace
}  // namespace fresh::vault
