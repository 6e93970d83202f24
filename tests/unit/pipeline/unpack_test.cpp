#include "pipeline/unpack.h"

#include "base/error.h"
#include "base/file.h"
#include "source/output_file.h"
#include "source/tar_writer.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace fresh::pipeline {
namespace {

namespace fs = std::filesystem;

class Unpack : public testing::Test {
 protected:
  Unpack() {
    source::OutputFile out(archive_);
    source::TarWriter tar([&](std::string_view bytes) { out.write(bytes); }, 0);
    tar.file("f", 0644, "new");
    tar.finish();
    out.close();
  }

  void copy_to(const fs::path& target) const { unpack(archive_, unpack_goal(target.string(), "f", false)); }

  std::string refused(const fs::path& target) const {
    try {
      copy_to(target);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::precheck);
      EXPECT_FALSE(error.hint().empty());
      return error.message();
    }
    return "accepted";
  }

  const base::TemporaryFolder folder_;
  const fs::path archive_ = folder_.path() / "copy.tar";
  const fs::path target_ = folder_.path() / "target";
};

TEST_F(Unpack, ReplacesAFileAndFillsAFolder) {
  base::write_file_atomic(target_, "old");
  copy_to(target_);
  EXPECT_EQ(base::read_file(target_), "new");
  fs::create_directory(folder_.path() / "d");
  copy_to(folder_.path() / "d");
  EXPECT_EQ(base::read_file(folder_.path() / "d" / "f"), "new");
}

TEST_F(Unpack, WritesThroughALink) {
  fs::create_directory(folder_.path() / "d");
  base::write_file_atomic(folder_.path() / "d" / "old", "old");
  fs::create_symlink("d/old", target_);
  copy_to(target_);
  EXPECT_TRUE(fs::is_symlink(target_));
  EXPECT_EQ(base::read_file(folder_.path() / "d" / "old"), "new");
  fs::create_symlink("d/not-yet", folder_.path() / "dangling");
  copy_to(folder_.path() / "dangling");
  EXPECT_TRUE(fs::is_symlink(folder_.path() / "dangling"));
  EXPECT_EQ(base::read_file(folder_.path() / "d" / "not-yet"), "new");
}

TEST_F(Unpack, LeavesAFifoAndALinkToADeviceAsTheyAre) {
  ASSERT_EQ(::mkfifo(target_.c_str(), 0600), 0);
  EXPECT_NE(refused(target_).find("neither a file nor a folder"), std::string::npos);
  EXPECT_TRUE(fs::is_fifo(target_));
  fs::create_symlink("/dev/null", folder_.path() / "null");
  EXPECT_NE(refused(folder_.path() / "null").find("neither a file nor a folder"), std::string::npos);
  EXPECT_TRUE(fs::is_symlink(folder_.path() / "null"));
}

TEST_F(Unpack, RefusesALinkThatLeadsToItselfAndAFolderInThePlaceOfTheFile) {
  fs::create_symlink("target", target_);
  EXPECT_NE(refused(target_).find("leads to itself"), std::string::npos);
  fs::create_directories(folder_.path() / "d" / "f");
  EXPECT_NE(refused(folder_.path() / "d").find("is a folder, a file cannot go there"), std::string::npos);
}

}  // namespace
}  // namespace fresh::pipeline
