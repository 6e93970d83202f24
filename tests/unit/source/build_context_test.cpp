#include "source/build_context.h"

#include "base/error.h"
#include "base/file.h"
#include "source/tar_reader.h"

#include <gtest/gtest.h>

#include <map>
#include <sys/stat.h>

namespace fresh::source {
namespace {

namespace fs = std::filesystem;

class BuildContext : public testing::Test {
 protected:
  void put(const std::string& path, const std::string& content) {
    base::write_file_atomic(folder() / path, content);
  }
  fs::path folder() const { return temporary_.path() / "context"; }

  std::map<std::string, std::string> content(const ContextRequest& request) const {
    const fs::path archive = temporary_.path() / "context.tar";
    OutputFile file(archive);
    write_build_context(request, [&](std::string_view bytes) { file.write(bytes); });
    file.close();
    std::map<std::string, std::string> found;
    read_tar(archive, [&](const TarEntry& entry) -> ByteSink {
      std::string& text = found[entry.path];
      text = entry.target.empty() ? "" : "-> " + entry.target;
      return [&text](std::string_view bytes) { text += bytes; };
    });
    return found;
  }

  base::TemporaryFolder temporary_;
};

using Content = std::map<std::string, std::string>;

TEST_F(BuildContext, holds_files_folders_and_links) {
  put("Dockerfile", "FROM x");
  put("conf/a.txt", "a");
  fs::create_directory(folder() / "empty");
  fs::create_symlink("../outside", folder() / "link");
  EXPECT_EQ(content({.folder = folder()}), (Content{{"Dockerfile", "FROM x"},
                                                    {"conf/", ""},
                                                    {"conf/a.txt", "a"},
                                                    {"empty/", ""},
                                                    {"link", "-> ../outside"}}));
}

TEST_F(BuildContext, bytes_do_not_depend_on_times_umask_or_order_of_making) {
  put("b", "2");
  put("a/c", "1");
  const std::string before = build_context_digest({.folder = folder()});
  fs::remove_all(folder());
  put("a/c", "1");
  put("b", "2");
  fs::permissions(folder() / "b", fs::perms::owner_read);
  fs::last_write_time(folder() / "b", fs::file_time_type::clock::now() - std::chrono::hours(1000));
  EXPECT_EQ(build_context_digest({.folder = folder()}), before);
}

TEST_F(BuildContext, bytes_depend_on_content_names_and_execute_bits) {
  put("a", "1");
  const std::string before = build_context_digest({.folder = folder()});
  fs::permissions(folder() / "a", fs::perms::owner_all);
  const std::string executable = build_context_digest({.folder = folder()});
  EXPECT_NE(executable, before);
  put("a", "2");
  EXPECT_NE(build_context_digest({.folder = folder()}), before);
  fs::rename(folder() / "a", folder() / "b");
  put("b", "1");
  EXPECT_NE(build_context_digest({.folder = folder()}), before);
}

TEST_F(BuildContext, ignore_file_is_honoured_and_not_sent) {
  put("Dockerfile", "FROM x");
  put(".dockerignore", "*\n!src\nsrc/*.o\n");
  put("src/a.c", "c");
  put("src/a.o", "o");
  put("secret", "s");
  EXPECT_EQ(content({.folder = folder()}),
            (Content{{"Dockerfile", "FROM x"}, {"src/", ""}, {"src/a.c", "c"}}));
}

TEST_F(BuildContext, files_from_elsewhere_are_added) {
  put("Dockerfile", "FROM x");
  put("left-out.lock", "lock");
  base::write_file_atomic(temporary_.path() / "wheel", "w");
  EXPECT_EQ(
      content({.folder = folder(),
               .leave_out = {"left-out.lock"},
               .extra = {{"inputs/wheels/a.whl", temporary_.path() / "wheel"}}}),
      (Content{
          {"Dockerfile", "FROM x"}, {"inputs/", ""}, {"inputs/wheels/", ""}, {"inputs/wheels/a.whl", "w"}}));
}

TEST_F(BuildContext, a_path_taken_twice_is_refused) {
  put("inputs/a", "mine");
  base::write_file_atomic(temporary_.path() / "a", "locked");
  EXPECT_THROW(content({.folder = folder(), .extra = {{"inputs/a", temporary_.path() / "a"}}}), base::Error);
}

TEST_F(BuildContext, a_pipe_is_refused_by_name) {
  put("a", "1");
  ASSERT_EQ(::mkfifo((folder() / "pipe").c_str(), 0600), 0);
  try {
    build_context_digest({.folder = folder()});
    FAIL() << "a pipe went into a context";
  } catch (const base::Error& error) {
    EXPECT_NE(error.message().find("pipe"), std::string::npos) << error.message();
  }
}

TEST_F(BuildContext, long_and_foreign_names_survive) {
  const std::string longest = std::string(120, 'd') + "/" + std::string(130, 'f');
  put(longest, "deep");
  put("gr\xC3\xBC\xC3\x9F.txt", "utf-8");
  const auto found = content({.folder = folder()});
  EXPECT_EQ(found.at(longest), "deep");
  EXPECT_EQ(found.at("gr\xC3\xBC\xC3\x9F.txt"), "utf-8");
}

TEST_F(BuildContext, a_missing_folder_is_an_error) {
  EXPECT_THROW(build_context_digest({.folder = folder() / "nowhere"}), base::Error);
}

}  // namespace
}  // namespace fresh::source
