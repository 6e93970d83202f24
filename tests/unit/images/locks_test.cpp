#include "base/error.h"
#include "images/inputs_lock.h"
#include "images/packages_lock.h"

#include <gtest/gtest.h>

namespace fresh::images {
namespace {

const std::string sha_a(64, 'a');
const std::string sha_b(64, 'b');

std::string refusal(const std::string& text) {
  try {
    parse_inputs_lock(text, "inputs.lock");
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::deploy);
    return error.message();
  }
  return "accepted";
}

TEST(InputsLock, is_written_sorted_and_read_again) {
  const std::string text =
      inputs_lock_text({{sha_b, 7, "lib/b.jar", "maven:b:1"}, {sha_a, 5, "lib/a file.jar", ""}});
  EXPECT_EQ(text, "# fresh-clone inputs lock v1\n" + sha_a + "  5  lib/a file.jar  \n" + sha_b +
                      "  7  lib/b.jar  maven:b:1\n");
  const auto inputs = parse_inputs_lock(text, "inputs.lock");
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0].path, "lib/a file.jar");
  EXPECT_EQ(inputs[1].size, 7);
  EXPECT_EQ(inputs[1].origin, "maven:b:1");
}

TEST(InputsLock, bad_text_is_refused_with_its_place) {
  const std::string head = "# fresh-clone inputs lock v1\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "inputs.lock:1:1"},
      {"something\n", "inputs.lock:1:1"},
      {head + "\nabc\n", "inputs.lock:3:1"},
      {head + sha_a + " 5 x y\n", "inputs.lock:2:1"},
      {head + sha_a + "  five  x  y\n", "inputs.lock:2:67"},
      {head + sha_a + "  5\n", "inputs.lock:2:67"},
      {head + sha_a + "  -5  x  y\n", "inputs.lock:2:67"},
      {head + sha_a + "  5  ../x  y\n", "inputs.lock:2:70"},
      {head + sha_a + "  5  /x  y\n", "inputs.lock:2:70"},
      {head + sha_a + "  5  a//x  y\n", "inputs.lock:2:70"},
      {head + sha_a + "  5  x  y\n" + sha_b + "  5  x  y\n", "locked twice"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_NE(refusal(text).find(expected), std::string::npos) << text << "\n" << refusal(text);
  }
}

TEST(InputsLock, differences_are_named) {
  const std::vector<LockedInput> locked{
      {sha_a, 1, "a", ""}, {sha_a, 1, "b", ""}, {sha_a, 1, "c", ""}, {sha_a, 1, "d", ""}};
  const std::vector<LockedInput> found{
      {sha_a, 1, "a", "moved"}, {sha_b, 1, "b", ""}, {sha_a, 2, "c", ""}, {sha_a, 1, "e", ""}};
  const InputsDifference difference = compare_inputs(locked, found);
  EXPECT_EQ(difference.text(), "changed: b\nchanged: c\nmissing: d\nextra: e");
  EXPECT_TRUE(compare_inputs(locked, locked).none());
  EXPECT_FALSE(compare_inputs(locked, {}).none());
}

TEST(InputsLock, origins_are_read_from_names) {
  EXPECT_EQ(origin_of("wheels/Jinja2-3.1.6-py3-none-any.whl", "f:1"), "pypi:jinja2==3.1.6");
  EXPECT_EQ(origin_of("wheels/argon2_cffi-25.1.0-py3-none-any.whl", "f:1"), "pypi:argon2-cffi==25.1.0");
  EXPECT_EQ(origin_of("lib/jackson-core-2.15.0-rc1.jar", "f:1"), "maven:jackson-core:2.15.0-rc1");
  EXPECT_EQ(origin_of("data.bin", "f:1"), "f:1");
  EXPECT_EQ(origin_of("odd.whl", "f:1"), "f:1");
}

constexpr const char* status = R"(Package: libc6
Status: install ok installed
Version: 2.36-9
Architecture: amd64
Description: text
 Package: not-one

Package: gone
Status: deinstall ok config-files
Version: 1
Architecture: all

Package: apt
Status: install ok installed
Architecture: amd64
Version: 2.6.1
)";

TEST(PackagesLock, installed_packages_come_from_dpkg) {
  EXPECT_EQ(installed_packages(status),
            (std::vector<Package>{{"apt", "amd64", "2.6.1"}, {"libc6", "amd64", "2.36-9"}}));
}

TEST(PackagesLock, is_written_and_read_again) {
  const auto packages = installed_packages(status);
  const std::string text = packages_lock_text(packages);
  EXPECT_EQ(text, "# fresh-clone packages lock v1\napt 2.6.1 amd64\nlibc6 2.36-9 amd64\n");
  EXPECT_EQ(parse_packages_lock(text, "p.lock"), packages);
  EXPECT_THROW(parse_packages_lock("apt 2.6.1 amd64\n", "p.lock"), base::Error);
  EXPECT_THROW(parse_packages_lock("# fresh-clone packages lock v1\napt 2.6.1\n", "p.lock"), base::Error);
}

TEST(PackagesLock, drift_says_from_and_to) {
  const std::vector<Package> locked{{"a", "all", "1"}, {"b", "all", "1"}, {"c", "all", "1"}};
  const std::vector<Package> found{{"a", "all", "1"}, {"b", "all", "2"}, {"d", "all", "3"}};
  EXPECT_EQ(drift_of("i:1", locked, found),
            (std::vector<Drift>{{"i:1", "b", "1", "2"}, {"i:1", "c", "1", ""}, {"i:1", "d", "", "3"}}));
}

}  // namespace
}  // namespace fresh::images
