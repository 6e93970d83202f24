#include "environment/installed.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace fresh::environment {
namespace {

Lock locked(std::vector<Requirement> requirements) {
  return {.requirements = std::move(requirements)};
}

Installed with(std::map<std::string, std::string> packages) {
  return {.packages = std::move(packages),
          .markers = {{"sys_platform", "linux"}, {"python_version", "3.11"}}};
}

TEST(Installed, ReadsTheAnswerAndNormalisesNames) {
  const Installed installed =
      parse_installed(R"({"packages": [["Zope.Interface", "7.0"]], "markers": {"os_name": "posix"}})");
  EXPECT_EQ(installed.packages.at("zope-interface"), "7.0");
  EXPECT_EQ(installed.markers.at("os_name"), "posix");
  EXPECT_THROW(parse_installed("Traceback"), base::Error);
  EXPECT_THROW(parse_installed(R"({"packages": [["a"]], "markers": {}})"), base::Error);
}

TEST(Difference, AnEqualSetHasNone) {
  EXPECT_TRUE(difference(locked({{"six", "1.17.0"}, {"tzdata", "2024.1"}}),
                         with({{"six", "1.17"}, {"tzdata", "2024.1"}}))
                  .empty());
}

TEST(Difference, NamesMissingExtraAndOtherVersion) {
  const Difference found = difference(locked({{"a", "1"}, {"b", "2"}}), with({{"b", "3"}, {"c", "4"}}));
  EXPECT_EQ(to_string(found), "missing: a 1; extra: c 4; other version: b 3 -> 2");
}

TEST(Difference, PackagesForOtherPlatformsAreNotExpected) {
  const Lock lock = locked({{"colorama", "0.4.6", "sys_platform == 'win32'"}, {"six", "1.17.0"}});
  EXPECT_TRUE(difference(lock, with({{"six", "1.17.0"}})).empty());
  EXPECT_EQ(difference(lock, with({{"six", "1.17.0"}, {"colorama", "0.4.6"}})).extra,
            (std::vector<std::string>{"colorama 0.4.6"}));
}

TEST(Difference, OfTwoLockedVersionsTheOneForThisPythonCounts) {
  const Lock lock =
      locked({{"numpy", "1.26", "python_version < '3.12'"}, {"numpy", "2.1", "python_version >= '3.12'"}});
  EXPECT_TRUE(difference(lock, with({{"numpy", "1.26"}})).empty());
  EXPECT_EQ(difference(lock, with({{"numpy", "2.1"}})).other_version,
            (std::vector<std::string>{"numpy 2.1 -> 1.26"}));
}

TEST(Difference, TheInstallerOfAVenvIsNoExtra) {
  const Lock lock = locked({{"six", "1.17.0"}});
  const Installed installed = with({{"six", "1.17.0"}, {"pip", "23.0.1"}});
  EXPECT_TRUE(difference(lock, installed, {"pip"}).empty());
  EXPECT_FALSE(difference(lock, installed).empty());
}

}  // namespace
}  // namespace fresh::environment
