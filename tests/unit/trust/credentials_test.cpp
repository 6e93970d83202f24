#include "trust/credentials.h"

#include "base/error.h"
#include "base/file.h"
#include "trust/random.h"

#include <gtest/gtest.h>

#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace fresh::trust {
namespace {

using base::Error;

class Credentials : public testing::Test {
 protected:
  std::filesystem::path folder() const { return temporary_.path() / "state" / "credentials"; }

  static unsigned mode(const std::filesystem::path& path) {
    struct stat found {};
    EXPECT_EQ(::lstat(path.c_str(), &found), 0) << path;
    return found.st_mode & 07777U;
  }

  std::string refusal(const std::string& name = "jwt_secret") const {
    try {
      ensure_credentials(folder(), {name});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::precheck);
      return error.render();
    }
    return "no refusal";
  }

  base::TemporaryFolder temporary_;
};

TEST_F(Credentials, are_generated_private_sorted_and_different) {
  const auto made = ensure_credentials(folder(), {"jwt_secret", "api_key", "jwt_secret"});
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[0].name, "api_key");
  EXPECT_EQ(made[1].name, "jwt_secret");
  EXPECT_NE(made[0].value, made[1].value);
  EXPECT_EQ(mode(folder()), 0700U);
  for (const auto& credential : made) {
    EXPECT_EQ(credential.value.size(), 64U);
    EXPECT_EQ(credential.value.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(mode(credential.file), 0600U);
    EXPECT_EQ(base::read_file(credential.file), credential.value);
  }
}

TEST_F(Credentials, are_kept_from_then_on) {
  const auto first = ensure_credentials(folder(), {"jwt_secret"});
  const auto second = ensure_credentials(folder(), {"jwt_secret", "another"});
  EXPECT_EQ(second[1].value, first[0].value);
}

TEST_F(Credentials, take_what_the_user_wrote) {
  ensure_credentials(folder(), {});
  base::write_file_atomic(folder() / "token", "my own token\n", 0600);
  EXPECT_EQ(ensure_credentials(folder(), {"token"})[0].value, "my own token");
}

TEST_F(Credentials, are_told_as_far_as_they_are_there) {
  EXPECT_TRUE(kept_values(folder(), {"jwt_secret", "../etc"}).empty());
  EXPECT_FALSE(std::filesystem::exists(folder()));
  const auto made = ensure_credentials(folder(), {"jwt_secret"});
  std::filesystem::create_directory(folder() / "a_folder");
  base::write_file_atomic(folder() / "empty", "", 0600);
  base::write_file_atomic(folder() / "open", "readable by others\n", 0644);
  EXPECT_EQ(kept_values(folder(), {"a_folder", "another", "empty", "jwt_secret", "open"}),
            (std::vector<std::string>{made[0].value, "readable by others"}));
}

TEST_F(Credentials, are_private_under_any_umask) {
  const mode_t before = ::umask(0);
  ensure_credentials(folder(), {"jwt_secret"});
  ::umask(before);
  EXPECT_EQ(mode(folder()), 0700U);
  EXPECT_EQ(mode(folder() / "jwt_secret"), 0600U);
}

TEST_F(Credentials, a_file_that_others_can_read_is_refused_with_the_command_that_mends_it) {
  const std::string value = ensure_credentials(folder(), {"jwt_secret"})[0].value;
  ASSERT_EQ(::chmod((folder() / "jwt_secret").c_str(), 0644), 0);
  const std::string said = refusal();
  EXPECT_NE(said.find("mode 0644, expected 0600"), std::string::npos) << said;
  EXPECT_NE(said.find("hint: chmod 600 '" + (folder() / "jwt_secret").string()), std::string::npos) << said;
  EXPECT_EQ(said.find(value), std::string::npos) << "the secret is in the message";
}

TEST_F(Credentials, a_folder_that_others_can_enter_is_refused) {
  ensure_credentials(folder(), {"jwt_secret"});
  ASSERT_EQ(::chmod(folder().c_str(), 0755), 0);
  EXPECT_NE(refusal().find("mode 0755, expected 0700"), std::string::npos);
}

TEST_F(Credentials, an_empty_file_is_refused) {
  ensure_credentials(folder(), {});
  base::write_file_atomic(folder() / "jwt_secret", "\n", 0600);
  EXPECT_NE(refusal().find("is empty"), std::string::npos);
}

TEST_F(Credentials, links_and_folders_are_refused) {
  ensure_credentials(folder(), {});
  base::write_file_atomic(temporary_.path() / "elsewhere", "0123456789", 0600);
  std::filesystem::create_symlink(temporary_.path() / "elsewhere", folder() / "jwt_secret");
  EXPECT_NE(refusal().find("no regular file"), std::string::npos);
  std::filesystem::create_directory(folder() / "dir");
  EXPECT_NE(refusal("dir").find("no regular file"), std::string::npos);
}

TEST_F(Credentials, names_cannot_leave_the_folder) {
  for (const char* name : {"", "..", "../x", "a/b", ".hidden", "a b", "new\nline"}) {
    EXPECT_NE(refusal(name).find("cannot be the name of a credential"), std::string::npos) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(folder().parent_path() / "x"));
}

TEST(RandomHex, has_the_length_asked_for_and_does_not_repeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string value = random_hex(16);
    EXPECT_EQ(value.size(), 32U);
    EXPECT_TRUE(seen.insert(value).second);
  }
  EXPECT_EQ(random_hex(0), "");
}

}  // namespace
}  // namespace fresh::trust
