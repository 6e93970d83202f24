#include "pipeline/vault_stack.h"

#include "base/file.h"
#include "base/process.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

engine::Mount mount(engine::MountType type, const std::string& source, bool read_only = false) {
  return {.type = type, .source = source, .target = "/data", .read_only = read_only};
}

TEST(VaultStack, KnowsWhatHoldsTheData) {
  compose::Project stack;
  stack.volumes["data"] = {
      .key = "data", .name = "demo_data", .external = false, .driver = {}, .driver_opts = {}, .labels = {}};
  auto& service = stack.services["vault"];
  EXPECT_EQ(data_holders(stack, "vault"), std::vector<std::string>{"service:vault:1"});
  service.mounts = {mount(engine::MountType::bind, "/etc/vault", true), mount(engine::MountType::tmpfs, "")};
  EXPECT_EQ(data_holders(stack, "vault"), std::vector<std::string>{"service:vault:1"});
  service.mounts.push_back(mount(engine::MountType::volume, "data"));
  service.mounts.push_back(mount(engine::MountType::bind, "/srv/vault"));
  EXPECT_EQ(data_holders(stack, "vault"),
            (std::vector<std::string>{"folder:/srv/vault", "volume:demo_data"}));
}

/// A project of its own with a key file.
class KeysOfRemoved : public ::testing::Test {
 protected:
  KeysOfRemoved() {
    project.folder = folder.path();
    project.vault = vault::VaultSpec{.service = "vault", .keys = ".vault-keys"};
    file().write({.home = {.engine = "unix:///a.sock", .holders = {"volume:demo_data", "volume:demo_log"}},
                  .threshold = 1,
                  .unseal = {"00"},
                  .root_token = "t"});
  }
  vault::KeyFile file() const { return key_file_of(project, surroundings); }
  bool removed(const std::string& engine, const std::vector<std::string>& subjects) {
    const auto subject = remove_keys_of_removed(project, surroundings, engine, subjects);
    EXPECT_EQ(file().exists(), !subject.has_value());
    return subject == "file:.vault-keys";
  }

  base::TemporaryFolder folder{"fk"};
  ProjectSpec project;
  Surroundings surroundings{.project_folder = folder.path()};
};

TEST_F(KeysOfRemoved, GoWithAllOfTheData) {
  EXPECT_TRUE(removed("unix:///a.sock", {"service:vault:1", "volume:demo_data", "volume:demo_log"}));
}

TEST_F(KeysOfRemoved, StayWhileSomeDataStays) {
  EXPECT_FALSE(removed("unix:///a.sock", {"service:vault:1", "volume:demo_data"}));
}

TEST_F(KeysOfRemoved, StayWhenAnotherEngineWasCleared) {
  EXPECT_FALSE(removed("unix:///b.sock", {"volume:demo_data", "volume:demo_log"}));
}

TEST_F(KeysOfRemoved, StayWhenTheyCannotBeRead) {
  base::write_file_atomic(folder.path() / ".vault-keys", "{", 0600);
  EXPECT_FALSE(removed("unix:///a.sock", {"volume:demo_data", "volume:demo_log"}));
}

TEST(VaultStack, AKeyFileThatGitTakesIsFound) {
  const base::TemporaryFolder folder("fg");
  const auto git = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "git");
    ASSERT_EQ(base::run_command({.argv = words, .folder = folder.path()}, {}).exit_code, 0);
  };
  ProjectSpec project;
  project.folder = folder.path();
  project.vault = vault::VaultSpec{.service = "vault", .keys = ".vault-keys"};
  EXPECT_TRUE(check_key_file(project).ok) << "there is no git that could take it";
  git({"init", "-q"});
  const auto check = check_key_file(project);
  EXPECT_FALSE(check.ok);
  EXPECT_NE(check.remedy.find("'/.vault-keys' to .gitignore"), std::string::npos) << check.remedy;
  base::write_file_atomic(folder.path() / ".gitignore", "/.vault-keys\n");
  EXPECT_TRUE(check_key_file(project).ok);
  base::write_file_atomic(folder.path() / ".vault-keys", "x", 0600);
  git({"add", "-f", ".vault-keys"});
  EXPECT_FALSE(check_key_file(project).ok) << "git tracks it already";
}

}  // namespace
}  // namespace fresh::pipeline
