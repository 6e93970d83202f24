#include "base/file.h"

#include "base/error.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <sched.h>
#include <set>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fresh::base {
namespace {

std::set<std::string> names_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename());
  }
  return names;
}

TEST(WriteFileAtomic, writes_any_bytes_and_makes_folders) {
  const TemporaryFolder folder;
  const std::string content("a\0b\n\xff", 5);
  write_file_atomic(folder.path() / "x" / "y" / "file", content);
  EXPECT_EQ(read_file(folder.path() / "x" / "y" / "file"), content);
}

TEST(WriteFileAtomic, replaces_and_leaves_nothing_else) {
  const TemporaryFolder folder;
  write_file_atomic(folder.path() / "file", "one");
  write_file_atomic(folder.path() / "file", "");
  EXPECT_EQ(read_file(folder.path() / "file"), "");
  EXPECT_EQ(names_in(folder.path()), std::set<std::string>{"file"});
}

TEST(WriteFileAtomic, sets_the_mode_whatever_the_umask) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(0077);
  write_file_atomic(folder.path() / "open", "x", 0644);
  ::umask(0);
  write_file_atomic(folder.path() / "secret", "x", 0600);
  ::umask(before);
  struct stat found {};
  ASSERT_EQ(::stat((folder.path() / "open").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777U, 0644U);
  ASSERT_EQ(::stat((folder.path() / "secret").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777U, 0600U);
}

TEST(WriteFileAtomic, a_failure_leaves_the_old_content_and_no_temporary_file) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "target");
  write_file_atomic(folder.path() / "target" / "inside", "old");
  try {
    write_file_atomic(folder.path() / "target", "new");
    FAIL() << "a folder was replaced by a file";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::outputs);
    EXPECT_NE(error.message().find("target'"), std::string::npos);
  }
  EXPECT_EQ(read_file(folder.path() / "target" / "inside"), "old");
  EXPECT_EQ(names_in(folder.path()), std::set<std::string>{"target"});
}

TEST(WriteFileAtomic, a_file_in_the_place_of_a_folder_is_said) {
  const TemporaryFolder folder;
  write_file_atomic(folder.path() / "file", "x");
  EXPECT_THROW(write_file_atomic(folder.path() / "file" / "y", "x"), Error);
}

/// Puts a file system of 64 KiB over `folder`, for this process only. False when the kernel does not let us.
bool make_small(const std::filesystem::path& folder) {
  const uid_t user = ::getuid();
  const gid_t group = ::getgid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
    return false;
  }
  std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
  return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=64k") == 0;
}

/// What is wrong when a file system is full; empty when all is as promised.
std::string complaint_when_full(const std::filesystem::path& folder) {
  try {
    write_file_atomic(folder / "status.json", "old");
    write_file_atomic(folder / "status.json", std::string(std::size_t{1} << 20U, 'x'));
    return "1 MiB was written to 64 KiB";
  } catch (const Error& error) {
    if (error.code() != ExitCode::outputs || error.message().find("No space left") == std::string::npos ||
        error.hint() != "free space on the file system of '" + folder.string() + "'") {
      return error.render();
    }
  }
  if (read_file(folder / "status.json") != "old") {
    return "the old content is lost";
  }
  return names_in(folder) == std::set<std::string>{"status.json"} ? "" : "a temporary file is left";
}

TEST(WriteFileAtomic, a_full_file_system_keeps_the_old_file_and_is_named) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::string complaint = make_small(folder.path()) ? complaint_when_full(folder.path())
                                                            : "no small file system can be mounted";
    std::cerr << complaint;
    ::_exit(complaint.empty() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(ReadFile, what_is_not_there_is_said_or_nothing) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_file_if_exists(folder.path() / "none"), std::nullopt);
  try {
    read_file(folder.path() / "none");
    FAIL() << "read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::precheck);
    EXPECT_NE(error.message().find("none': No such file"), std::string::npos);
  }
}

TEST(ReadFile, a_folder_is_no_file) {
  const TemporaryFolder folder;
  EXPECT_THROW(read_file(folder.path()), Error);
}

TEST(ReadFile, a_fifo_does_not_hold_the_program) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder.path() / "fifo").c_str(), 0600), 0);
  EXPECT_THROW(read_file(folder.path() / "fifo"), Error);
}

TEST(ReadFile, a_device_has_no_end_but_the_null_device_is_empty) {
  EXPECT_THROW(read_file("/dev/zero"), Error);
  EXPECT_EQ(read_file("/dev/null"), "");
}

TEST(ReadFile, more_than_the_most_is_refused) {
  const TemporaryFolder folder;
  write_file_atomic(folder.path() / "f", "123");
  EXPECT_EQ(read_file_if_exists(folder.path() / "f", 3), "123");
  try {
    read_file_if_exists(folder.path() / "f", 2);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("it has more than 2 bytes"), std::string::npos) << error.message();
    EXPECT_FALSE(error.hint().empty());
  }
}

TEST(ReadFile, reads_more_than_a_block) {
  const TemporaryFolder folder;
  const std::string content(200'001, 'x');
  write_file_atomic(folder.path() / "big", content);
  EXPECT_EQ(read_file(folder.path() / "big"), content);
}

TEST(TemporaryFolder, is_gone_with_its_content_afterwards) {
  std::filesystem::path path;
  {
    const TemporaryFolder folder("prefix");
    path = folder.path();
    EXPECT_NE(path.filename().string().find("prefix."), std::string::npos);
    write_file_atomic(path / "a" / "b", "x");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace fresh::base
