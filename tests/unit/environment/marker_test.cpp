#include "environment/marker.h"

#include "base/error.h"
#include "environment/version.h"

#include <gtest/gtest.h>

namespace fresh::environment {
namespace {

bool holds(const std::string& marker) {
  return marker_holds(marker, {{"python_version", "3.9"},
                               {"python_full_version", "3.9.2"},
                               {"sys_platform", "linux"},
                               {"platform_machine", "x86_64"},
                               {"extra", ""}});
}

TEST(Marker, ComparesVersionsAsNumbers) {
  EXPECT_TRUE(holds("python_version < '3.10'"));
  EXPECT_TRUE(holds("'3.10' > python_version"));
  EXPECT_FALSE(holds("python_full_version >= \"3.9.10\""));
  EXPECT_TRUE(holds("python_full_version ~= '3.9.1'"));
  EXPECT_FALSE(holds("python_full_version ~= '3.8.1'"));
  EXPECT_TRUE(holds("python_full_version == '3.9.*'"));
  EXPECT_TRUE(holds("python_full_version != '3.8.*'"));
}

TEST(Marker, ComparesTheRestAsText) {
  EXPECT_TRUE(holds("sys_platform == 'linux'"));
  EXPECT_FALSE(holds("sys_platform != 'linux'"));
  EXPECT_TRUE(holds("platform_machine in 'x86_64 aarch64'"));
  EXPECT_TRUE(holds("platform_machine not in 'arm64'"));
  EXPECT_FALSE(holds("extra == 'test'"));
  EXPECT_TRUE(holds(""));
}

TEST(Marker, AndBindsMoreThanOr) {
  EXPECT_TRUE(holds("sys_platform == 'linux' or sys_platform == 'win32' and python_version > '4'"));
  EXPECT_FALSE(holds("(sys_platform == 'linux' or sys_platform == 'win32') and python_version > '4'"));
}

TEST(Marker, RefusesWhatIsNone) {
  for (const char* marker : {"python_version", "python_version <", "python_version < '3", "planet == 'mars'",
                             "(python_version < '4'", "python_version < '4')", "python_version % '4'",
                             "sys_platform like 'l'", "()", "and", "python_version < '4' or"}) {
    EXPECT_THROW(holds(marker), base::Error) << marker;
  }
  EXPECT_THROW(holds(std::string(10000, '(')), base::Error);
}

TEST(Version, ReleasesCompareAsNumbers) {
  EXPECT_TRUE(compare_versions("1.9", "1.10") < 0);
  EXPECT_TRUE(compare_versions("1.0", "1.0.0") == 0);
  EXPECT_TRUE(compare_versions("1.0-RC1", "1.0.rc1") == 0);
  EXPECT_TRUE(compare_versions("1.0.post1", "1.0") != 0);
  EXPECT_TRUE(compare_versions("2024.1", "2024.01") == 0);
}

}  // namespace
}  // namespace fresh::environment
