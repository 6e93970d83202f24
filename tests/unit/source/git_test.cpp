#include "source/git.h"

#include "base/error.h"
#include "base/file.h"

#include <git2.h>
#include <gtest/gtest.h>

#include <unistd.h>

namespace fresh::source {
namespace {

/// A repository made with libgit2 itself, so that no git program and no configuration of the machine matters.
class Git : public testing::Test {
 protected:
  Git() {
    git_libgit2_init();
    // The machine's own configuration may trust all folders, or none.
    for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG}) {
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, folder().c_str());
    }
  }
  ~Git() override {
    git_repository_free(repository_);
    git_libgit2_shutdown();
  }

  std::filesystem::path folder() const { return temporary_.path(); }
  void init() { ASSERT_EQ(git_repository_init(&repository_, (folder() / "r").c_str(), 0), 0); }
  void put(const std::string& path, const std::string& text) {
    base::write_file_atomic(folder() / "r" / path, text);
  }

  void commit_all() {
    git_index* index = nullptr;
    ASSERT_EQ(git_repository_index(&index, repository_), 0);
    ASSERT_EQ(git_index_add_all(index, nullptr, 0, nullptr, nullptr), 0);
    git_oid tree_id;
    ASSERT_EQ(git_index_write(index), 0);
    ASSERT_EQ(git_index_write_tree(&tree_id, index), 0);
    git_index_free(index);
    git_tree* tree = nullptr;
    ASSERT_EQ(git_tree_lookup(&tree, repository_, &tree_id), 0);
    git_signature* author = nullptr;
    ASSERT_EQ(git_signature_new(&author, "a", "a@example.org", 1700000000, 0), 0);
    git_oid commit;
    ASSERT_EQ(git_commit_create_v(&commit, repository_, "HEAD", author, author, nullptr, "m", tree, 0), 0);
    git_signature_free(author);
    git_tree_free(tree);
  }

  std::string refusal(const std::filesystem::path& path) {
    try {
      read_commit(path);
    } catch (const base::Error& error) {
      return error.message() + " | " + error.hint();
    }
    return "accepted";
  }

  base::TemporaryFolder temporary_;
  git_repository* repository_ = nullptr;
};

TEST_F(Git, a_clean_commit) {
  init();
  put("a", "1");
  put(".gitignore", "ignored\n");
  commit_all();
  put("ignored", "x");
  const Commit commit = read_commit(folder() / "r");
  EXPECT_EQ(commit.sha.size(), 40U);
  EXPECT_FALSE(commit.branch.empty());
  EXPECT_FALSE(commit.dirty) << commit.dirty_paths[0];
  EXPECT_EQ(commit.commit_time, 1700000000);
}

TEST_F(Git, changed_new_and_removed_files_are_dirt_in_sorted_order) {
  init();
  put("b", "1");
  put("c", "1");
  commit_all();
  put("b", "22");
  put("new/a", "1");
  std::filesystem::remove(folder() / "r" / "c");
  const Commit commit = read_commit(folder() / "r" / "new");
  EXPECT_TRUE(commit.dirty);
  EXPECT_EQ(commit.dirty_paths, (std::vector<std::string>{"b", "c", "new/a"}));
}

TEST_F(Git, a_detached_head_has_no_branch) {
  init();
  put("a", "1");
  commit_all();
  const std::string sha = read_commit(folder() / "r").sha;
  git_oid id;
  git_oid_fromstr(&id, sha.c_str());
  ASSERT_EQ(git_repository_set_head_detached(repository_, &id), 0);
  EXPECT_EQ(read_commit(folder() / "r").branch, "");
}

TEST_F(Git, no_repository_and_no_commit_are_told_apart) {
  EXPECT_NE(refusal(folder()).find("not in a git repository"), std::string::npos) << refusal(folder());
  init();
  EXPECT_NE(refusal(folder() / "r").find("no commit"), std::string::npos) << refusal(folder() / "r");
}

TEST_F(Git, another_users_repository_is_refused_with_the_way_to_trust_it) {
  if (::geteuid() != 0) {
    return;  // only root can give a folder away
  }
  init();
  put("a", "1");
  commit_all();
  ASSERT_EQ(::chown((folder() / "r").c_str(), 65534, 65534), 0);
  ASSERT_EQ(::chown((folder() / "r/.git").c_str(), 65534, 65534), 0);
  EXPECT_NE(refusal(folder() / "r").find("safe.directory"), std::string::npos) << refusal(folder() / "r");
}

}  // namespace
}  // namespace fresh::source
