#include "pipeline/seed_assertions.h"

#include "base/error.h"
#include "base/file.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

SeedAssertions assertions(const std::string& yaml) {
  const base::TemporaryFolder folder;
  base::write_file_atomic(folder.path() / "a.yaml", yaml);
  return load_seed_assertions(folder.path() / "a.yaml", "a.yaml");
}

constexpr const char* example =
    "seed: 42\ncounts: {person: 200}\nsentinels: {ring: {size: 4, name: blue}}\ndigest: abc\n";

TEST(SeedAssertions, AreFlattened) {
  const auto loaded = assertions(example);
  EXPECT_EQ(loaded.seed, 42);
  EXPECT_EQ(loaded.values, (std::map<std::string, std::string>{{"counts/person", "200"},
                                                               {"digest", "abc"},
                                                               {"sentinels/ring/name", "blue"},
                                                               {"sentinels/ring/size", "4"}}));
}

TEST(SeedAssertions, RefuseAFileThatAssertsNothing) {
  EXPECT_THROW(assertions("seed: 42\n"), base::Error);
  EXPECT_THROW(assertions("seed: 42\ncount: {person: 1}\n"), base::Error);
}

TEST(SeedReport, IsTheLastLineOfTheOutput) {
  const auto report =
      parse_seed_report("loading\n{\"counts\":{\"person\":200},\"digest\":\"abc\",\"ok\":[true,null]}\n\n");
  EXPECT_EQ(report,
            (SeedReport{{"counts/person", "200"}, {"digest", "abc"}, {"ok/0", "true"}, {"ok/1", "null"}}));
}

TEST(SeedReport, ThatSaysNothingIsRefused) {
  for (const char* output : {"", "\n", "done\n", "[1]\n", "{\"counts\":", "{} trailing"}) {
    EXPECT_THROW(parse_seed_report(output), base::Error) << output;
  }
}

TEST(CheckSeed, HoldsWhenAllIsFound) {
  const SeedReport report{{"counts/person", "200"},
                          {"digest", "abc"},
                          {"sentinels/ring/name", "blue"},
                          {"sentinels/ring/size", "4"},
                          {"more", "x"}};
  EXPECT_TRUE(check_seed(assertions(example), report, 42).empty());
}

TEST(CheckSeed, NamesWhatIsWrongAndWhatIsMissing) {
  const SeedReport report{
      {"counts/person", "201"}, {"sentinels/ring/name", "blue"}, {"sentinels/ring/size", "4"}};
  const auto violations = check_seed(assertions(example), report, 42);
  ASSERT_EQ(violations.size(), 2U);
  EXPECT_EQ(violations[0].subject, "seed:counts/person");
  EXPECT_EQ(violations[0].expected, "200");
  EXPECT_EQ(violations[0].found, "201");
  EXPECT_EQ(violations[1].subject, "seed:digest");
  EXPECT_EQ(violations[1].found, "nothing");
}

TEST(CheckSeed, OfAnotherSeedLooksAtCountsOnly) {
  EXPECT_TRUE(check_seed(assertions(example), {{"counts/person", "200"}}, 7).empty());
  EXPECT_EQ(check_seed(assertions(example), {{"counts/person", "1"}}, 7).size(), 1U);
}

}  // namespace
}  // namespace fresh::pipeline
