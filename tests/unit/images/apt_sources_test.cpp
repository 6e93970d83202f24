#include "images/apt_sources.h"

#include <gtest/gtest.h>

namespace fresh::images {
namespace {

using Lines = std::vector<std::string>;

TEST(AptSources, one_line_and_deb822_entries_of_the_suite) {
  const std::map<std::string, std::string> files{
      {"a.list",
       "# deb http://old stable main\ndeb http://m/debian bookworm main contrib # note\n"
       "deb [arch=amd64 signed-by=/k.gpg] http://m/sec bookworm-security main\ndeb-src http://m/debian "
       "bookworm main\n"
       "deb http://other/apt nodistro main\ndeb http://m/debian bookworm main contrib\n"},
      {"b.sources",
       "Types: deb deb-src\nURIs: http://n/debian\nSuites: bookworm bookworm-updates "
       "bookworm-backports\nComponents: main\n"
       "Signed-By: /k2.gpg\n\nTypes: deb\nEnabled: no\nURIs: http://off\nSuites: bookworm\nComponents: "
       "main\n"},
  };
  EXPECT_EQ(apt_sources(files, "bookworm", "bookworm"),
            (Lines{"deb http://m/debian bookworm main contrib",
                   "deb [signed-by=/k.gpg] http://m/sec bookworm-security main",
                   "deb [signed-by=/k2.gpg] http://n/debian bookworm main",
                   "deb [signed-by=/k2.gpg] http://n/debian bookworm-updates main"}));
}

TEST(AptSources, another_suite_replaces_the_name) {
  EXPECT_EQ(apt_sources({{"a.list", "deb http://m/debian bookworm-updates main\n"}}, "bookworm", "trixie"),
            (Lines{"deb http://m/debian trixie-updates main"}));
}

TEST(AptSources, odd_lines_are_left_out) {
  EXPECT_EQ(
      apt_sources({{"a.list", "deb\ndeb [x\ndeb http://m\n\n[]\n"}, {"b.sources", ":\n Suites: x\nTypes\n"}},
                  "bookworm", "bookworm"),
      Lines{});
}

}  // namespace
}  // namespace fresh::images
