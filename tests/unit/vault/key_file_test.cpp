#include "vault/key_file.h"

#include "unit/vault/scripted_vault.h"

#include <gtest/gtest.h>

namespace fresh::vault {
namespace {

TEST(KeyFile, IsNeverOverwritten) {
  ScriptedVault vault;
  vault.file.write(vault.kept);
  Keys other = vault.kept;
  other.root_token = "another";
  const auto said = refusal([&] { vault.file.write(other); });
  EXPECT_NE(said.find("vault-keys.new"), std::string::npos) << "it must say where the new keys are: " << said;
  EXPECT_EQ(vault.file.read().root_token, "root-token");
}

TEST(KeyFile, FindsWhatAKilledRunLeft) {
  ScriptedVault vault;
  vault.file.write(vault.kept);
  std::filesystem::rename(vault.file.path(), vault.folder.path() / "state" / "vault-keys.new");
  EXPECT_TRUE(vault.file.exists());
  EXPECT_EQ(vault.file.read().unseal, vault.kept.unseal);
  EXPECT_FALSE(std::filesystem::exists(vault.folder.path() / "state" / "vault-keys.new"));
}

TEST(KeyFile, TellsWhatIsSecretAndMovesNothing) {
  ScriptedVault vault;
  EXPECT_TRUE(vault.file.secrets().empty());
  vault.file.write(vault.kept);
  EXPECT_EQ(vault.file.secrets(), vault.kept.secrets());
  const auto pending = vault.folder.path() / "state" / "vault-keys.new";
  std::filesystem::rename(vault.file.path(), pending);
  EXPECT_EQ(vault.file.secrets(), vault.kept.secrets());
  EXPECT_TRUE(std::filesystem::exists(pending));
  base::write_file_atomic(vault.file.path(), "{\"format\":", 0600);
  EXPECT_EQ(vault.file.secrets(), vault.kept.secrets());
}

TEST(KeyFile, ThatOthersCanReadIsRefusedWithTheCommand) {
  ScriptedVault vault;
  vault.file.write(vault.kept);
  std::filesystem::permissions(vault.file.path(), std::filesystem::perms(0640));
  const auto said = refusal([&] { vault.file.read(); });
  EXPECT_NE(said.find("mode 0640, expected 0600"), std::string::npos) << said;
  EXPECT_NE(said.find("hint: chmod 600 '"), std::string::npos) << said;
  EXPECT_FALSE(vault.file.read_if_whole());
}

TEST(KeyFile, ThatIsDamagedIsRefusedWithTheRemedy) {
  ScriptedVault vault;
  vault.file.write(vault.kept);
  const std::string whole = base::read_file(vault.file.path());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = whole;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  const std::string cases[] = {"",
                               "null",
                               "[]",
                               whole.substr(0, whole.size() / 2),
                               with("vault-keys/1", "vault-keys/2"),
                               with("\"root-token\"", "\"\""),
                               with("\"root-token\"", "7"),
                               with("\"threshold\": 2", "\"threshold\": 4"),
                               with("\"threshold\": 2", "\"threshold\": 0"),
                               with("\"aaaa1111\"", "null")};
  for (const auto& text : cases) {
    base::write_file_atomic(vault.file.path(), text, 0600);
    const auto said = refusal([&] { vault.file.read(); });
    EXPECT_NE(said.find("is damaged"), std::string::npos) << text << "\n" << said;
    EXPECT_NE(said.find("put your copy of '.vault-keys' back"), std::string::npos) << said;
    EXPECT_FALSE(vault.file.read_if_whole());
  }
}

TEST(KeyFile, ALinkIsNone) {
  ScriptedVault vault;
  vault.file.write(vault.kept);
  std::filesystem::rename(vault.file.path(), vault.folder.path() / "elsewhere");
  std::filesystem::create_symlink(vault.folder.path() / "elsewhere", vault.file.path());
  EXPECT_NE(refusal([&] { vault.file.read(); }).find("no regular file"), std::string::npos);
}

}  // namespace
}  // namespace fresh::vault
