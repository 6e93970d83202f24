#include "base/file.h"
#include "environment/tools.h"

#include <gtest/gtest.h>

#include <limits>

namespace fresh::environment {
namespace {

TEST(CheckTools, FindsWhatIsThereAndTellsHowToGetTheRest) {
  const auto checks =
      check_tools({{.name = "sh", .why = "tests", .debian_package = "dash", .ask_version = false},
                   {.name = "no-such-program-7", .why = "tests", .debian_package = "no-such"}},
                  {});
  ASSERT_EQ(checks.size(), 2U);
  EXPECT_TRUE(checks[0].ok);
  EXPECT_EQ(checks[1].found, "not installed");
  EXPECT_EQ(checks[1].expected, "'no-such-program-7' on PATH, for tests");
  EXPECT_EQ(checks[1].remedy, "apt-get install no-such");
  ASSERT_EQ(failed(checks).size(), 1U);
  EXPECT_EQ(failed(checks)[0].id, "tool:no-such-program-7");
}

TEST(CheckDisk, ComparesTheFreeSpaceOfTheNearestFolder) {
  const base::TemporaryFolder folder;
  EXPECT_TRUE(check_disk(folder.path() / "not/yet", 1).ok);
  const Check check = check_disk(folder.path(), std::numeric_limits<std::int64_t>::max());
  EXPECT_FALSE(check.ok);
  EXPECT_NE(check.remedy.find("free "), std::string::npos);
}

TEST(CheckWritable, AFileInTheWayIsSaid) {
  const base::TemporaryFolder folder;
  EXPECT_TRUE(check_writable(folder.path() / "exports/run").ok);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "exports")) << "a check makes nothing";
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  base::write_file_atomic(folder.path() / "exports", "in the way");
  const Check check = check_writable(folder.path() / "exports");
  EXPECT_FALSE(check.ok);
  EXPECT_NE(check.remedy.find("move '"), std::string::npos);
}

TEST(CheckWritable, AFolderWithoutPermissionIsSaid) {
  // Root may write anywhere but where the kernel itself refuses.
  const Check check = check_writable("/proc/fresh-clone");
  EXPECT_FALSE(check.ok);
  EXPECT_NE(check.found.find("cannot write"), std::string::npos);
}

}  // namespace
}  // namespace fresh::environment
