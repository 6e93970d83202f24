#include "document/scalar.h"

#include "base/error.h"
#include "document/load_yaml.h"

#include <gtest/gtest.h>

namespace fresh::document {
namespace {

/// `kind value` of a plain scalar, as docker compose reads it.
std::string read(std::string text) {
  const Kind kind = go_kind(text);
  return std::string(shown(kind)) + " " + text;
}

TEST(GoScalars, whole_numbers_of_every_base_are_decimal) {
  EXPECT_EQ(read("0440"), "a whole number 288");
  EXPECT_EQ(read("0o17"), "a whole number 15");
  EXPECT_EQ(read("0x1F"), "a whole number 31");
  EXPECT_EQ(read("0b11"), "a whole number 3");
  EXPECT_EQ(read("1_000"), "a whole number 1000");
  EXPECT_EQ(read("+5"), "a whole number 5");
  EXPECT_EQ(read("-0x10"), "a whole number -16");
  EXPECT_EQ(read("18446744073709551615"), "a whole number 18446744073709551615");
}

TEST(GoScalars, numbers_are_shortest) {
  EXPECT_EQ(read("1.10"), "a number 1.1");
  EXPECT_EQ(read("3.0"), "a number 3");
  EXPECT_EQ(read("08"), "a number 8");
  EXPECT_EQ(read(".5"), "a number 0.5");
  EXPECT_EQ(read("1e3"), "a number 1000");
  EXPECT_EQ(read("1000000.5"), "a number 1.0000005e+06");
  EXPECT_EQ(read("0.00001"), "a number 1e-05");
  EXPECT_EQ(read("-1.5"), "a number -1.5");
  EXPECT_EQ(go_number(0.1, true), "0.1");
  EXPECT_EQ(go_number(1e21), "1e+21");
}

TEST(GoScalars, dates_are_times) {
  EXPECT_EQ(read("2024-01-15"), "a date 2024-01-15 00:00:00 +0000 UTC");
  EXPECT_EQ(read("2024-1-5"), "a date 2024-01-05 00:00:00 +0000 UTC");
  EXPECT_EQ(read("2024-01-15T10:20:30Z"), "a date 2024-01-15 10:20:30 +0000 UTC");
  EXPECT_EQ(read("2024-01-15t1:2:3.1200000009+02:00"), "a date 2024-01-15 01:02:03.12 +0200 +0200");
  EXPECT_EQ(read("2024-01-15T10:20:30-24:60"), "a date 2024-01-15 10:20:30 -2500 -2500");
  EXPECT_EQ(read("2024-01-15T10:20:30+00:00"), "a date 2024-01-15 10:20:30 +0000 UTC");
  EXPECT_EQ(read("2024-01-15 10:20:30,5"), "a date 2024-01-15 10:20:30.5 +0000 UTC");
  EXPECT_EQ(read("2024-01-15T10:20:30"), "text 2024-01-15T10:20:30");
  EXPECT_EQ(read("2024-01-15T10:20:30+0200"), "text 2024-01-15T10:20:30+0200");
  EXPECT_EQ(read("2024-01-15 10:20:30Z"), "text 2024-01-15 10:20:30Z");
  EXPECT_EQ(read("2024-02-30"), "text 2024-02-30");
  EXPECT_EQ(read("2024-13-01"), "text 2024-13-01");
  EXPECT_EQ(read("2024-01"), "text 2024-01");
}

TEST(GoScalars, a_time_has_two_forms) {
  EXPECT_EQ(rfc3339("2024-01-15 10:20:30.5 +0000 UTC"), "2024-01-15T10:20:30.5Z");
  EXPECT_EQ(rfc3339("2024-01-15 10:20:30 -0530 -0530"), "2024-01-15T10:20:30-05:30");
}

TEST(GoScalars, everything_else_is_text) {
  for (const std::string text :
       {"yes", "1.2.3", "12:30:45", "-", "a", "_1", "1e", "0xg", "127.0.0.1", "1-2"}) {
    EXPECT_EQ(read(text), "text " + text);
  }
  EXPECT_EQ(read("True"), "a boolean true");
  EXPECT_EQ(read("~"), "nothing ~");
  EXPECT_EQ(read("-.inf"), "a number -.inf");
}

TEST(GoDocuments, several_stand_in_one_file) {
  const auto documents = load_yaml_documents("a: 1\n---\nb: 010\n", "f.yaml", Dialect::go);
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_EQ(documents[1].find("b")->scalar, "8");
  EXPECT_TRUE(load_yaml_documents("", "f.yaml", Dialect::go).empty());
}

TEST(GoDocuments, keys_must_be_text) {
  EXPECT_NO_THROW(load_yaml_documents("on: 1\n'1': 2\n", "f.yaml", Dialect::go));
  try {
    load_yaml_documents("a: {8080: x}\n", "f.yaml", Dialect::go);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_NE(error.message().find("f.yaml:1:5: a key must be text, found a whole number"), std::string::npos)
        << error.message();
  }
}

TEST(Syntax, an_open_quote_is_an_error) {
  for (const char* text : {"a: 'open", "a: \"open\nb: 1\n", "a: 'x\n\n\nb: 2\n"}) {
    EXPECT_THROW(load_yaml(text, "f.yaml"), base::Error) << text;
  }
}

TEST(Syntax, a_quoted_merge_key_is_a_plain_key) {
  EXPECT_NE(load_yaml("'<<': {a: 1}\n", "f.yaml").find("<<"), nullptr);
}

}  // namespace
}  // namespace fresh::document
