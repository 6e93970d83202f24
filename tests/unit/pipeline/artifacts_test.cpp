#include "pipeline/artifacts.h"

#include "base/error.h"
#include "base/file.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

TEST(ArtifactDigests, PatternsThatOverlapNameTheSameFileOnce) {
  const base::TemporaryFolder folder;
  base::write_file_atomic(folder.path() / "graph/a.csv", "1\n");
  base::write_file_atomic(folder.path() / "graph/b.csv", "2\n");
  const auto digests = artifact_digests(folder.path(), {"graph/*.csv", "graph/a.csv", "graph/[ab].csv"});
  EXPECT_EQ(digests.size(), 2U);
}

TEST(ArtifactDigests, APatternThatNamesNothingIsAResultThatIsMissing) {
  const base::TemporaryFolder folder;
  base::write_file_atomic(folder.path() / "graph/a.csv", "1\n");
  try {
    artifact_digests(folder.path(), {"graph/*.csv", "graph/*.json"});
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::determinism);
    EXPECT_NE(error.message().find("'graph/*.json'"), std::string::npos);
  }
}

}  // namespace
}  // namespace fresh::pipeline
