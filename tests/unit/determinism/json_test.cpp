#include "determinism/json.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace fresh::determinism {
namespace {

std::string again(const std::string& text) {
  return canonical_json(parse_json(text, "x"));
}

std::string refusal(const std::string& text) {
  try {
    parse_json(text, "x");
  } catch (const base::Error& error) {
    return error.message();
  }
  return "accepted";
}

TEST(Json, numbers_stay_as_they_were_written) {
  EXPECT_EQ(again("[1, 1.0, 1.00, 1e5, 1E+05, 12345678901234567890123, -0.0]"),
            "[1,1.0,1.00,1e5,1E+05,12345678901234567890123,-0.0]");
}

TEST(Json, members_are_sorted_by_utf16_code_units) {
  // U+FB33 is below U+1F600 as a code point, but above its first surrogate.
  EXPECT_EQ(again("{\"\xef\xac\xb3\":1,\"\xf0\x9f\x98\x80\":2,\"a\":3}"),
            "{\"a\":3,\"\xf0\x9f\x98\x80\":2,\"\xef\xac\xb3\":1}");
  EXPECT_EQ(again(R"({"b":{"z":1,"y":[]},"a":"x","aa":null})"), R"({"a":"x","aa":null,"b":{"y":[],"z":1}})");
}

TEST(Json, texts_are_escaped_only_where_they_must_be) {
  EXPECT_EQ(again(R"(["\u0041\/\"\\\n"])"), R"(["A/\"\\\u000a"])");
}

TEST(Json, refuses_with_the_place) {
  EXPECT_EQ(refusal("{\"a\":1,\"a\":2}"), "x: this is no valid JSON: the key 'a' occurs twice");
  EXPECT_TRUE(refusal("[1,\n2,,]").starts_with("x:2:3: ")) << refusal("[1,\n2,,]");
  EXPECT_EQ(refusal(std::string(101, '[') + std::string(101, ']')),
            "x: this is no valid JSON: nested deeper than 100 levels");
  EXPECT_EQ(refusal(std::string(100, '[') + std::string(100, ']')), "accepted");
  EXPECT_NE(refusal("[\"\xff\"]"), "accepted");
  EXPECT_NE(refusal("[1"), "accepted");
}

}  // namespace
}  // namespace fresh::determinism
