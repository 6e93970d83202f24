#include "determinism/baseline_set.h"

#include "base/error.h"
#include "base/sha256.h"

#include <gtest/gtest.h>

namespace fresh::determinism {
namespace {

Baseline of(const std::string& profile, const std::string& value, std::int64_t seed = 42) {
  return {.commit = "c1",
          .seed = seed,
          .mode = "strict",
          .profile = profile,
          .results = {{"seed/a", base::sha256_hex(value)}},
          .inputs = {{"image/x:1", base::sha256_hex("image")}}};
}

std::string refusal(const std::string& document) {
  try {
    BaselineSet::read(document, "fresh-clone.lock");
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::determinism);
    EXPECT_FALSE(error.hint().empty());
    return error.message();
  }
  return "accepted";
}

TEST(BaselineSet, keeps_one_baseline_of_each_seed_and_profile) {
  BaselineSet set;
  EXPECT_EQ(set.contents(), "none");
  set.put(of("default", "1"));
  set.put(of("dev", "2"));
  set.put(of("dev", "3", 7));
  set.put(of("default", "4"));
  const auto read = BaselineSet::read(set.document(), "lock");
  EXPECT_EQ(*read.find(of("default", "")), of("default", "4"));
  EXPECT_EQ(*read.find(of("dev", "")), of("dev", "2"));
  EXPECT_EQ(*read.find(of("dev", "", 7)), of("dev", "3", 7));
  EXPECT_EQ(read.find(of("prod", "")), nullptr);
  EXPECT_EQ(read.contents(),
            "seed 42, mode strict, profile default; seed 7, mode strict, profile dev; seed 42, mode strict, "
            "profile dev");
}

TEST(BaselineSet, writes_the_same_bytes_in_whatever_order_it_was_filled) {
  BaselineSet one;
  one.put(of("default", "1"));
  one.put(of("dev", "2"));
  BaselineSet other;
  other.put(of("dev", "2"));
  other.put(of("default", "1"));
  EXPECT_EQ(one.document(), other.document());
  EXPECT_EQ(BaselineSet::read(one.document(), "lock").document(), one.document());
  EXPECT_NE(one.document().find("\n    \"seed/a\": \""), std::string::npos) << one.document();
}

TEST(BaselineSet, reads_the_file_of_one_baseline_that_earlier_versions_wrote) {
  const auto set = BaselineSet::read(baseline_document(of("dev", "1"), true), "lock");
  EXPECT_EQ(*set.find(of("dev", "")), of("dev", "1"));
  EXPECT_EQ(set.find(of("default", "")), nullptr);
}

TEST(BaselineSet, refuses_what_is_none) {
  EXPECT_NE(refusal("{}").find("expected the format 'fresh-clone.lock/2', found 'none'"), std::string::npos);
  EXPECT_NE(refusal(R"({"format": "fresh-clone.lock/3"})").find("found 'fresh-clone.lock/3'"),
            std::string::npos);
  for (const char* const document :
       {"nonsense", "[]", R"({"format": 2})", R"({"format": "fresh-clone.lock/2"})",
        R"({"format": "fresh-clone.lock/2", "baselines": {"a": 1}})",
        R"({"format": "fresh-clone.lock/2", "baselines": [[]]})"}) {
    EXPECT_NE(refusal(document), "accepted") << document;
  }
  EXPECT_NE(refusal(R"({"format": "fresh-clone.lock/2", "baselines": )" + std::string(1000000, '[') +
                    std::string(1000000, ']') + "}"),
            "accepted");
}

TEST(BaselineSet, refuses_two_baselines_of_one_profile_and_leaves_changed_by_hand) {
  BaselineSet set;
  set.put(of("dev", "1"));
  std::string twice = set.document();
  const auto begin = twice.find('[') + 1;
  const std::string entry = twice.substr(begin, twice.rfind(']') - begin);
  twice.insert(begin, entry + ",");
  EXPECT_NE(refusal(twice).find("two baselines of seed 42, mode strict, profile dev"), std::string::npos)
      << refusal(twice);
  std::string changed = set.document();
  const auto digit = changed.find("\"seed/a\": \"") + 11;
  changed[digit] = changed[digit] == '0' ? '1' : '0';
  EXPECT_NE(refusal(changed).find("states the fingerprint"), std::string::npos) << refusal(changed);
}

}  // namespace
}  // namespace fresh::determinism
