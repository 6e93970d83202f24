#include "source/output_file.h"

#include "base/file.h"

#include <gtest/gtest.h>

#include <iterator>

namespace fresh::source {
namespace {

std::size_t files_in(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(OutputFile, IsInItsPlaceWhenItIsWhole) {
  const base::TemporaryFolder folder;
  const auto path = folder.path() / "deep" / "a.txt";
  OutputFile file(path);
  file.write("one ");
  file.write("two");
  EXPECT_FALSE(std::filesystem::exists(path));
  file.close();
  EXPECT_EQ(base::read_file(path), "one two");
  EXPECT_EQ(file.size(), 7);
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0644));
}

TEST(OutputFile, ThatIsCutOffLeavesTheOldContentAndNothingElse) {
  const base::TemporaryFolder folder;
  const auto path = folder.path() / "a.txt";
  base::write_file_atomic(path, "old");
  {
    OutputFile file(path);
    file.write("ne");
    EXPECT_EQ(base::read_file(path), "old");
  }
  EXPECT_EQ(base::read_file(path), "old");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

}  // namespace
}  // namespace fresh::source
