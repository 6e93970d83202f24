// A vault in the stack: initialised, unsealed, and what its key file protects.
#include "scenarios/scenario.h"

#include <sys/stat.h>

namespace fresh::test {
namespace {

using nlohmann::json;

class Vault : public Scenario {
 protected:
  void SetUp() override {
    Scenario::SetUp();
    project.edit("images/app/Dockerfile", "COPY counter.py", "COPY vault.py counter.py");
    project.edit("images/app/Dockerfile", "mkdir -p /var/lib/counter",
                 "mkdir -p /var/lib/vault /var/lib/counter");
    project.edit("images/app/Dockerfile", "chown 1000:1000 /var/lib/counter",
                 "chown 1000:1000 /var/lib/vault /var/lib/counter");
    project.edit(
        "compose/small.yaml", "services:\n",
        "services:\n"
        "  vault:\n"
        "    image: localhost/small/app:1\n"
        "    command: [python3, /opt/app/vault.py]\n"
        "    init: true\n"
        "    ports: [\"127.0.0.1:18302:8200\"]\n"
        "    volumes: [\"vault:/var/lib/vault\"]\n"
        "    healthcheck: {test: [CMD, python3, -c, \"import ssl, urllib.request as r, os; "
        "t = os.path.exists('/run/secrets/vault.pem'); r.urlopen(('https' if t else 'http') + "
        "'://127.0.0.1:8200/v1/sys/health', context=ssl._create_unverified_context() if t else None)\"], "
        "interval: 1s, timeout: 5s, retries: 30}\n");
    project.edit(
        "compose/small.yaml", "    init: true\n    environment: {GREETING",
        "    init: true\n    depends_on: {vault: {condition: service_healthy}}\n    environment: {GREETING");
    project.edit("compose/small.yaml", "volumes: {records: {}}", "volumes: {records: {}, vault: {}}");
    project.edit("fresh-clone.yaml", "contracts:\n",
                 "credentials: [jwt, auditor]\n"
                 "vault:\n"
                 "  service: vault\n"
                 "  address: http://127.0.0.1:18302\n"
                 "  policies: {api: api.hcl}\n"
                 "  secrets: {apps/api: {jwt: jwt}}\n"
                 "  tokens: {auditor: {token: auditor, policies: [api]}}\n"
                 "contracts:\n");
    project.write("api.hcl", "path \"secret/data/apps/api\" { capabilities = [\"read\"] }\n");
    project.write(".gitignore", base::read_file(project.folder() / ".gitignore") + "/.vault-keys\n");
    project.commit("a vault");
  }

  std::filesystem::path key_file() const { return project.folder() / ".vault-keys"; }
  json keys() const { return json::parse(base::read_file(key_file())); }
  json manifest(const RunOutcome& outcome) const {
    return json::parse(base::read_file(outcome.folder / "run_manifest.json"));
  }

  /// Asks the vault where its port is published.
  json ask(const std::string& method, const std::string& path, const std::string& token = {}) const {
    const auto text = must(engine().inside(
        {"curl", "-sk", "-X", method, "-H", "X-Vault-Token: " + token, "http://127.0.0.1:18302/v1/" + path}));
    return text.empty() ? json() : json::parse(text);
  }

  /// Every secret that there is, none of which may be in what the project shows.
  std::vector<std::string> secrets() const {
    auto all = keys()["keys"].get<std::vector<std::string>>();
    all.push_back(keys()["root_token"]);
    for (const char* name : {"jwt", "auditor"}) {
      all.push_back(base::read_file(project.folder() / ".fresh-clone/credentials" / name));
    }
    return all;
  }

  void expect_no_secret(const std::string& text, const std::string& where) const {
    for (const auto& secret : secrets()) {
      EXPECT_EQ(text.find(secret), std::string::npos) << "a secret is in " << where;
    }
  }

  void expect_no_secret(const RunOutcome& outcome) const {
    expect_no_secret(outcome.ended.out, "stdout");
    expect_no_secret(outcome.ended.err, "stderr");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(outcome.folder)) {
      if (entry.is_regular_file()) {
        expect_no_secret(base::read_file(entry.path()), entry.path().string());
      }
    }
  }
};

TEST_F(Vault, a_fresh_one_is_initialised_and_holds_what_is_declared) {
  const auto outcome = project.run();
  expect_pass(outcome);
  EXPECT_EQ(outcome.status()["services"].value("vault", ""), "healthy");
  EXPECT_EQ(manifest(outcome)["vault"]["action"], "initialised");
  EXPECT_EQ(manifest(outcome)["vault"]["sealed"], false);
  struct stat found {};
  ASSERT_EQ(::lstat(key_file().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777U, 0600U);
  EXPECT_EQ(keys()["keys"].size(), 5U);
  const auto secret = ask("GET", "secret/data/apps/api", keys()["root_token"]);
  EXPECT_EQ(secret["data"]["data"]["jwt"],
            base::read_file(project.folder() / ".fresh-clone/credentials/jwt"));
  expect_no_secret(outcome);
  EXPECT_EQ(must({"git", "status", "--porcelain"}, project.folder()), "");

  // A strict run makes a new one, and takes the old keys away with the old data.
  const auto first = keys();
  const auto again = project.run();
  expect_pass(again);
  EXPECT_NE(keys()["root_token"], first["root_token"]);
  const auto removed = manifest(again)["reset"]["removed"];
  EXPECT_NE(std::find(removed.begin(), removed.end(), "file:.vault-keys"), removed.end()) << removed;
}

TEST_F(Vault, one_that_was_sealed_is_unsealed_and_that_is_said) {
  ASSERT_EQ(project.command({"up"}).exit_code, 0);
  const auto before = keys();
  ask("PUT", "sys/seal", before["root_token"]);
  ASSERT_EQ(ask("GET", "sys/seal-status")["sealed"], true);
  const auto outcome = project.run({"--no-reset"});
  EXPECT_EQ(outcome.ended.exit_code, 0) << outcome.ended.err;
  EXPECT_EQ(manifest(outcome)["vault"]["action"], "unsealed");
  EXPECT_NE(outcome.ended.err.find("the vault was sealed; it was unsealed"), std::string::npos)
      << outcome.ended.err;
  EXPECT_EQ(keys(), before);

  ask("PUT", "sys/seal", before["root_token"]);
  const auto up = project.command({"up"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_EQ(ask("GET", "sys/seal-status")["sealed"], false);
  EXPECT_EQ(keys(), before);
}

TEST_F(Vault, is_opened_again_by_every_verb_that_starts_it) {
  ASSERT_EQ(project.command({"up"}).exit_code, 0);
  const auto before = keys();
  const auto is_open = [this] { return ask("GET", "sys/seal-status")["sealed"] == false; };
  const auto restarted = project.command({"restart", "vault"});
  EXPECT_EQ(restarted.exit_code, 0) << restarted.err;
  EXPECT_NE(restarted.err.find("the vault was sealed; it was unsealed"), std::string::npos) << restarted.err;
  EXPECT_TRUE(is_open());
  // What waits for the vault comes after it was opened.
  const auto all = project.command({"restart"});
  EXPECT_EQ(all.exit_code, 0) << all.err;
  EXPECT_TRUE(is_open());
  ASSERT_EQ(project.command({"stop", "vault"}).exit_code, 0);
  const auto started = project.command({"start", "vault"});
  EXPECT_EQ(started.exit_code, 0) << started.err;
  EXPECT_TRUE(is_open());
  ASSERT_EQ(project.command({"stop"}).exit_code, 0);
  const auto one_off = project.command({"run", "--rm", "-T", "counter", "echo", "it runs"});
  EXPECT_EQ(one_off.exit_code, 0) << one_off.err;
  EXPECT_NE(one_off.out.find("it runs"), std::string::npos) << one_off.out;
  EXPECT_TRUE(is_open());
  EXPECT_EQ(keys(), before);

  // Whoever restarts something else does not need the keys.
  project.remove(".vault-keys");
  const auto other = project.command({"restart", "counter"});
  EXPECT_EQ(other.exit_code, 0) << other.err;
  const auto lost = project.command({"restart", "vault"});
  EXPECT_EQ(lost.exit_code, 40) << lost.err;
  EXPECT_NE(lost.err.find("key file '.vault-keys' is lost"), std::string::npos) << lost.err;
  base::write_file_atomic(key_file(), before.dump(), 0600);
}

TEST_F(Vault, without_its_keys_is_refused_with_the_remedy_that_works) {
  ASSERT_EQ(project.command({"up"}).exit_code, 0);
  const auto whole = base::read_file(key_file());
  ask("PUT", "sys/seal", keys()["root_token"]);

  project.remove(".vault-keys");
  expect_failure(project.run({"--no-reset"}),
                 {40, "G5_DEPLOY_VAULT", {"key file '.vault-keys' is lost"}, {"fresh-clone down -v"}});

  base::write_file_atomic(key_file(), "{\"format\":", 0600);
  expect_failure(project.run({"--no-reset"}),
                 {40, "G5_DEPLOY_VAULT", {"is damaged"}, {"put your copy of '.vault-keys' back"}});

  base::write_file_atomic(key_file(), whole, 0644);
  expect_failure(project.run({"--no-reset"}),
                 {40, "G5_DEPLOY_VAULT", {"mode 0644, expected 0600"}, {"chmod 600"}});

  auto wrong = json::parse(whole);
  wrong["keys"][1] = std::string(66, '0');
  base::write_file_atomic(key_file(), wrong.dump(), 0600);
  expect_failure(
      project.run({"--no-reset"}),
      {40, "G5_DEPLOY_VAULT", {"do not open the vault", "authentication failed"}, {"put your copy"}});

  project.remove(".vault-keys");
  ASSERT_EQ(project.command({"down", "-v"}).exit_code, 0);
  const auto up = project.command({"up"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_NE(keys()["root_token"], wrong["root_token"]);
}

TEST_F(Vault, keys_of_another_vault_are_kept_aside) {
  base::write_file_atomic(key_file(), "of another", 0600);
  const auto up = project.command({"up"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_NE(up.err.find(".fresh-clone/vault-keys."), std::string::npos) << up.err;
  EXPECT_EQ(keys()["keys"].size(), 5U);
}

TEST_F(Vault, a_key_file_that_git_would_take_is_refused_before_anything_runs) {
  project.edit(".gitignore", "/.vault-keys\n", "");
  expect_failure(project.run(), {10, "G0_PRECHECK", {"ignored:.vault-keys"}, {".gitignore"}});
  EXPECT_FALSE(std::filesystem::exists(key_file()));
}

TEST_F(Vault, over_tls_is_trusted_by_its_authority_alone) {
  for (const char* name : {"vault", "other"}) {
    must({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
          "-days", "2", "-subj", "/CN=vault.test", "-addext", "subjectAltName=DNS:vault.test", "-keyout",
          std::string(name) + ".key", "-out", std::string(name) + ".crt"},
         project.folder());
  }
  project.write("vault.pem", base::read_file(project.folder() / "vault.key") +
                                 base::read_file(project.folder() / "vault.crt"));
  project.edit("compose/small.yaml", "volumes: {records: {}, vault: {}}",
               "volumes: {records: {}, vault: {}}\nsecrets: {pem: {file: ../vault.pem}}");
  project.edit(
      "compose/small.yaml", "    ports: [\"127.0.0.1:18302:8200\"]\n",
      "    ports: [\"127.0.0.1:18302:8200\"]\n    secrets: [{source: pem, target: vault.pem, mode: 0444}]\n");
  project.edit("fresh-clone.yaml", "  address: http://127.0.0.1:18302\n",
               "  address: https://127.0.0.1:18302\n  tls: {ca: other.crt, server_name: vault.test}\n");
  const auto mistrusted = project.command({"up"});
  EXPECT_EQ(mistrusted.exit_code, 40) << mistrusted.err;
  EXPECT_NE(mistrusted.err.find("is not trusted"), std::string::npos) << mistrusted.err;
  EXPECT_NE(mistrusted.err.find("vault.tls.ca"), std::string::npos) << mistrusted.err;
  EXPECT_FALSE(std::filesystem::exists(key_file()));
  project.edit("fresh-clone.yaml", "other.crt", "vault.crt");
  const auto up = project.command({"up"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_EQ(keys()["keys"].size(), 5U);
}

}  // namespace
}  // namespace fresh::test
