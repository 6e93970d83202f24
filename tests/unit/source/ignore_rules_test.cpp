#include "source/ignore_rules.h"

#include <gtest/gtest.h>

namespace fresh::source {
namespace {

struct Case {
  const char* pattern;
  const char* path;
  bool matches;
};

TEST(Glob, matches_as_docker_does) {
  const std::vector<Case> cases{
      {"*", "a", true},        {"*", "a/b", false},
      {"*/b", "a/b", true},    {"**", "a/b/c", true},
      {"**/b", "b", true},     {"**/b", "a/x/b", true},
      {"**/b", "ab", false},   {"a/**", "a/b/c", true},
      {"a/**/c", "a/c", true}, {"a/**/c", "a/b/b/c", true},
      {"?", "a", true},        {"?", "/", false},
      {"[a-c]x", "bx", true},  {"[^a-c]x", "bx", false},
      {"[^a-c]x", "dx", true}, {"\\*", "*", true},
      {"\\*", "a", false},     {"*.o", "a.o", true},
      {"*.o", "d/a.o", false}, {"[", "[", true},
      {"", "", true},          {"a", "", false},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(glob_matches(one.pattern, one.path), one.matches) << one.pattern << " on " << one.path;
  }
}

TEST(Glob, hostile_patterns_end_soon) {
  std::string pattern;
  for (int i = 0; i < 40; ++i) {
    pattern += "*a";
  }
  EXPECT_FALSE(glob_matches(pattern, std::string(200, 'a') + "b"));
}

TEST(IgnoreRules, the_last_match_decides) {
  const IgnoreRules rules("# comment\n\n/build/\n*.log\n!keep.log\r\n  docs/./x \n");
  EXPECT_TRUE(rules.ignored("build"));
  EXPECT_TRUE(rules.ignored("build/a/b"));
  EXPECT_TRUE(rules.ignored("a.log"));
  EXPECT_FALSE(rules.ignored("keep.log"));
  EXPECT_TRUE(rules.ignored("docs/x"));
  EXPECT_FALSE(rules.ignored("src/build"));
  EXPECT_FALSE(rules.ignored("# comment"));
}

TEST(IgnoreRules, an_exception_reaches_below_an_ignored_folder) {
  const IgnoreRules rules("a\n!a/b\n");
  EXPECT_TRUE(rules.has_exceptions());
  EXPECT_TRUE(rules.ignored("a/c"));
  EXPECT_FALSE(rules.ignored("a/b"));
  EXPECT_FALSE(rules.ignored("a/b/c"));
}

TEST(IgnoreRules, nothing_is_ignored_without_rules) {
  EXPECT_FALSE(IgnoreRules("").ignored("a"));
}

}  // namespace
}  // namespace fresh::source
