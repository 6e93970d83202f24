#include "vault/open.h"

#include "unit/vault/scripted_vault.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace fresh::vault {
namespace {

constexpr const char* init_answer =
    R"({"keys":["aaaa1111","bbbb2222","cccc3333"],"keys_base64":["x","y","z"],"root_token":"root-token"})";

unsigned mode(const std::filesystem::path& path) {
  struct stat found {};
  EXPECT_EQ(::lstat(path.c_str(), &found), 0) << path;
  return found.st_mode & 07777U;
}

std::size_t files_in(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

TEST(VaultOpen, AFreshOneIsInitialisedItsKeysAreWrittenThenItIsUnsealed) {
  ScriptedVault vault;
  vault.answers_health(false, true);
  vault.server.on("PUT", "/v1/sys/init",
                  [&](const test::SeenRequest& request, const test::ServerConnection& to) {
                    EXPECT_EQ(request.body, R"({"secret_shares":3,"secret_threshold":2})");
                    return test::answer(200, init_answer)(request, to);
                  });
  vault.answers_seal_status(0);
  vault.server.on("PUT", "/v1/sys/unseal",
                  [&](const test::SeenRequest& request, const test::ServerConnection& to) {
                    EXPECT_TRUE(std::filesystem::exists(vault.file.path()))
                        << "the keys must be safe before anything else is done";
                    return test::answer(200, R"({"sealed":true,"t":2,"n":3,"progress":1})")(request, to);
                  });
  vault.answers_unseal(false);
  vault.answers_health(true, false);
  Client client(vault.spec);
  const auto opened = open(client, vault.spec, vault.file, vault.options());
  EXPECT_EQ(opened.action, "initialised");
  EXPECT_TRUE(opened.health.is_open());
  EXPECT_EQ(mode(vault.file.path()), 0600U);
  const Keys keys = vault.file.read();
  EXPECT_EQ(keys.unseal, vault.kept.unseal);
  EXPECT_EQ(keys.root_token, "root-token");
  EXPECT_EQ(keys.home, vault.kept.home);
  EXPECT_EQ(vault.hidden, (std::vector<std::string>{"aaaa1111", "bbbb2222", "cccc3333", "root-token"}));
  EXPECT_TRUE(vault.server.unexpected().empty());
  EXPECT_EQ(files_in(vault.folder.path() / "state"), 0U) << "something was left in the state folder";
}

TEST(VaultOpen, AnInterruptionDoesNotLoseTheKeysOfAnInitialisation) {
  ScriptedVault vault;
  std::stop_source stop;
  vault.answers_health(false, true);
  vault.server.on("PUT", "/v1/sys/init",
                  [&](const test::SeenRequest& request, const test::ServerConnection& to) {
                    stop.request_stop();
                    return test::answer(200, init_answer)(request, to);
                  });
  Client client(vault.spec);
  auto options = vault.options();
  options.stop = stop.get_token();
  EXPECT_THROW(open(client, vault.spec, vault.file, options), base::Interrupted);
  EXPECT_EQ(vault.file.read().unseal, vault.kept.unseal);
}

TEST(VaultOpen, ASealedOneIsUnsealedWithTheKeptKeysAndNeverInitialised) {
  ScriptedVault vault;
  vault.file.write(vault.kept);
  vault.answers_health(true, true);
  vault.answers_seal_status(0);
  vault.answers_unseal(true);
  vault.answers_unseal(false);
  vault.answers_health(true, false);
  Client client(vault.spec);
  EXPECT_EQ(open(client, vault.spec, vault.file, vault.options()).action, "unsealed");
  EXPECT_EQ(vault.changes(), (std::vector<std::string>{R"(PUT /v1/sys/unseal {"key":"aaaa1111"})",
                                                       R"(PUT /v1/sys/unseal {"key":"bbbb2222"})"}));
  EXPECT_EQ(vault.said.back(), "the vault was sealed; it was unsealed with the kept keys");
}

TEST(VaultOpen, ForgetsWhatAnUnfinishedUnsealingLeft) {
  ScriptedVault vault;
  vault.file.write(vault.kept);
  vault.answers_health(true, true);
  vault.answers_seal_status(1);
  vault.answers_unseal(true);
  vault.answers_unseal(true);
  vault.answers_unseal(false);
  vault.answers_health(true, false);
  Client client(vault.spec);
  open(client, vault.spec, vault.file, vault.options());
  EXPECT_EQ(vault.changes().front(), R"(PUT /v1/sys/unseal {"reset":true})");
}

TEST(VaultOpen, AnOpenOneIsLeftAlone) {
  ScriptedVault vault;
  vault.file.write(vault.kept);
  vault.answers_health(true, false);
  vault.answers_health(true, false);
  Client client(vault.spec);
  EXPECT_EQ(open(client, vault.spec, vault.file, vault.options()).action, "already open");
  EXPECT_TRUE(vault.changes().empty());
}

TEST(VaultOpen, DataWithoutKeysIsRefusedWithTheRemedy) {
  for (const bool sealed : {true, false}) {
    ScriptedVault vault;
    vault.answers_health(true, sealed);
    Client client(vault.spec);
    const auto said = refusal([&] { open(client, vault.spec, vault.file, vault.options()); });
    EXPECT_NE(said.find("holds data, and its key file '.vault-keys' is lost"), std::string::npos) << said;
    EXPECT_NE(said.find("put your copy of '.vault-keys' back"), std::string::npos) << said;
    EXPECT_NE(said.find("'fresh-clone down -v'"), std::string::npos) << said;
    EXPECT_TRUE(vault.changes().empty());
  }
}

TEST(VaultOpen, AWrongKeyIsSaidWithoutTheKey) {
  ScriptedVault vault;
  vault.kept.home.engine = "unix:///other.sock";
  vault.file.write(vault.kept);
  vault.answers_health(true, true);
  vault.answers_seal_status(0);
  vault.server.on("PUT", "/v1/sys/unseal",
                  test::answer(400, R"({"errors":["message authentication failed"]})"));
  Client client(vault.spec);
  const auto said = refusal([&] { open(client, vault.spec, vault.file, vault.options()); });
  EXPECT_NE(said.find("the keys in '.vault-keys' do not open the vault"), std::string::npos) << said;
  EXPECT_NE(said.find("message authentication failed"), std::string::npos) << said;
  EXPECT_NE(said.find("made for the vault in 'unix:///other.sock'"), std::string::npos) << said;
  EXPECT_EQ(said.find("aaaa1111"), std::string::npos) << said;
}

TEST(VaultOpen, TooFewKeysAreSaid) {
  ScriptedVault vault;
  vault.kept.unseal = {"aaaa1111"};
  vault.kept.threshold = 1;
  vault.file.write(vault.kept);
  vault.answers_health(true, true);
  vault.answers_seal_status(0);
  vault.answers_unseal(true);
  Client client(vault.spec);
  const auto said = refusal([&] { open(client, vault.spec, vault.file, vault.options()); });
  EXPECT_NE(said.find("it wants 2 keys, the file has 1"), std::string::npos) << said;
}

TEST(VaultOpen, AFreshOneKeepsTheOldKeyFileAside) {
  ScriptedVault vault;
  base::write_file_atomic(vault.file.path(), "of another vault", 0600);
  vault.answers_health(false, true);
  vault.server.on("PUT", "/v1/sys/init", test::answer(200, init_answer));
  vault.answers_seal_status(0);
  vault.answers_unseal(false);
  vault.answers_health(true, false);
  std::filesystem::create_directories(vault.folder.path() / "state");
  Client client(vault.spec);
  open(client, vault.spec, vault.file, vault.options());
  ASSERT_EQ(files_in(vault.folder.path() / "state"), 1U);
  const auto aside = std::filesystem::directory_iterator(vault.folder.path() / "state")->path();
  EXPECT_EQ(base::read_file(aside), "of another vault");
  EXPECT_EQ(mode(aside), 0600U);
  EXPECT_NE(vault.said.front().find(aside.string()), std::string::npos) << vault.said.front();
  EXPECT_EQ(vault.file.read().root_token, "root-token");
}

TEST(VaultOpen, WaitsForTheApiAndSaysWhatWasThereInstead) {
  ScriptedVault vault;
  vault.file.write(vault.kept);
  vault.server.on("GET", health_target, test::raw(""));
  vault.server.on("GET", health_target, test::answer(502, "<html>starting</html>"));
  vault.answers_health(true, false);
  vault.answers_health(true, false);
  Client client(vault.spec);
  EXPECT_EQ(open(client, vault.spec, vault.file, vault.options()).action, "already open");
  ASSERT_EQ(vault.said.size(), 2U);
  EXPECT_NE(vault.said[1].find("is no vault: HTTP 502"), std::string::npos) << vault.said[1];
}

TEST(VaultOpen, TheWaitHasAnEnd) {
  ScriptedVault vault;
  for (int i = 0; i < 20; ++i) {
    vault.server.on("GET", health_target, test::answer(404, "{}"));
  }
  Client client(vault.spec);
  const auto said = refusal([&] { open(client, vault.spec, vault.file, vault.options()); });
  EXPECT_NE(said.find("does not answer within 2.0s"), std::string::npos) << said;
  EXPECT_NE(said.find("fresh-clone logs vault"), std::string::npos) << said;
}

TEST(VaultOpen, OneThatStaysSealedIsNoSuccess) {
  ScriptedVault vault;
  vault.file.write(vault.kept);
  vault.answers_health(true, true);
  vault.answers_seal_status(0);
  vault.answers_unseal(false);
  for (int i = 0; i < 20; ++i) {
    vault.answers_health(true, true);
  }
  Client client(vault.spec);
  const auto said = refusal([&] { open(client, vault.spec, vault.file, vault.options()); });
  EXPECT_NE(said.find("is not open within"), std::string::npos) << said;
  EXPECT_NE(said.find("initialized=true sealed=true"), std::string::npos) << said;
}

TEST(VaultOpen, AnInitialisationThatIsRefusedWritesNoFile) {
  ScriptedVault vault;
  vault.answers_health(false, true);
  vault.server.on("PUT", "/v1/sys/init", test::answer(400, R"({"errors":["no storage"]})"));
  Client client(vault.spec);
  const auto said = refusal([&] { open(client, vault.spec, vault.file, vault.options()); });
  EXPECT_NE(said.find("cannot be initialised: no storage"), std::string::npos) << said;
  EXPECT_FALSE(vault.file.exists());
}

}  // namespace
}  // namespace fresh::vault
