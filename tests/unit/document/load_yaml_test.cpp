#include "document/load_yaml.h"

#include "base/error.h"
#include "base/file.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace fresh::document {
namespace {

Node load(const std::string& text) {
  return load_yaml(text, "f.yaml");
}

Kind kind_of(const std::string& scalar) {
  return load("k: " + scalar).find("k")->kind;
}

/// The whole refusal of a text that must not load.
std::string refusal(const std::string& text) {
  try {
    load(text);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::precheck);
    return error.message();
  }
  return "accepted";
}

TEST(CoreSchema, old_booleans_are_text) {
  for (const char* word : {"yes", "no", "on", "off", "y", "n", "Yes", "NO", "tRUE"}) {
    EXPECT_EQ(kind_of(word), Kind::text) << word;
  }
}

TEST(CoreSchema, booleans) {
  for (const char* word : {"true", "True", "TRUE"}) {
    EXPECT_TRUE(load(fmt::format("k: {}", word)).find("k")->boolean()) << word;
  }
  for (const char* word : {"false", "False", "FALSE"}) {
    EXPECT_FALSE(load(fmt::format("k: {}", word)).find("k")->boolean()) << word;
  }
}

TEST(CoreSchema, whole_numbers) {
  const auto value = [](const std::string& scalar) { return load("k: " + scalar).find("k")->integer(); };
  EXPECT_EQ(value("0o17"), 15);
  EXPECT_EQ(value("0x1f"), 31);
  EXPECT_EQ(value("017"), 17);
  EXPECT_EQ(value("-5"), -5);
  EXPECT_EQ(value("+5"), 5);
  EXPECT_EQ(value("9223372036854775807"), 9223372036854775807);
  EXPECT_THROW(value("9223372036854775808"), base::Error);
  EXPECT_THROW(value("1.0"), base::Error);
  EXPECT_THROW(value("five"), base::Error);
}

TEST(CoreSchema, what_only_looks_like_a_number_is_text) {
  for (const char* word :
       {"0b1", "0o8", "0xg", "1_000", "12:30:45", "1.2.3", "-", "+", ".", "1e", "e1", "-0x1", "0x"}) {
    EXPECT_EQ(kind_of(word == std::string("-") ? "'-'" : word), Kind::text) << word;
  }
}

TEST(CoreSchema, numbers) {
  for (const char* word : {"1.5", "-.5", "5.", "1e3", "1.5E-3", ".inf", "-.INF", ".nan"}) {
    EXPECT_EQ(kind_of(word), Kind::real) << word;
  }
  EXPECT_DOUBLE_EQ(load("k: 1.5E-3").find("k")->real(), 0.0015);
  EXPECT_DOUBLE_EQ(load("k: +.5").find("k")->real(), 0.5);
  EXPECT_DOUBLE_EQ(load("k: 3").find("k")->real(), 3.0);
}

TEST(CoreSchema, nothing) {
  for (const char* word : {"", "~", "null", "Null", "NULL"}) {
    EXPECT_EQ(kind_of(word), Kind::null) << word;
    EXPECT_EQ(load(fmt::format("k: {}", word)).find("k")->scalar, word);
  }
  EXPECT_EQ(kind_of("nULL"), Kind::text);
}

TEST(CoreSchema, quotes_make_text) {
  for (const char* word : {"'true'", "\"12\"", "''", "\"~\"", "|\n  12", ">\n  true"}) {
    EXPECT_EQ(kind_of(word), Kind::text) << word;
  }
}

TEST(Tags, own_ones_are_kept_and_usual_ones_are_not) {
  const Node node = load("a: !reset null\nb: !override [1]\nc: !!str 12\nd: !reset\ne: x");
  EXPECT_EQ(node.find("a")->tag, "!reset");
  EXPECT_EQ(node.find("b")->tag, "!override");
  EXPECT_TRUE(node.find("b")->is_list());
  EXPECT_EQ(node.find("c")->tag, "");
  EXPECT_EQ(node.find("c")->kind, Kind::text);
  EXPECT_EQ(node.find("c")->text(), "12");
  EXPECT_EQ(node.find("d")->tag, "!reset");
  EXPECT_EQ(node.find("e")->tag, "");
}

TEST(Places, count_lines_and_columns_from_one) {
  const Node node = load("a: 1\nb:\n  - x\n  - {c: d}\n");
  EXPECT_EQ(node.place.text(), "f.yaml:1:1");
  EXPECT_EQ(node.find("a")->place.text(), "f.yaml:1:4");
  EXPECT_EQ(node.entries[1].key_place.text(), "f.yaml:2:1");
  EXPECT_EQ(node.find("b")->items[0].place.text(), "f.yaml:3:5");
  EXPECT_EQ(node.find("b")->items[1].find("c")->place.text(), "f.yaml:4:9");
}

TEST(Places, count_characters_not_bytes) {
  const Node node = load("ä: ö\n\"日本\": {x: 1, y: 2}\nz: 3\n");
  EXPECT_EQ(node.find("ä")->place.text(), "f.yaml:1:4");
  EXPECT_EQ(node.find("日本")->find("y")->place.text(), "f.yaml:2:17");
  EXPECT_EQ(node.find("z")->place.text(), "f.yaml:3:4");
}

TEST(Places, an_alias_stands_where_its_value_does) {
  const Node node = load("a: &x {k: v}\nb: *x\n");
  EXPECT_EQ(node.find("b")->find("k")->place.text(), "f.yaml:1:11");
}

TEST(Maps, keep_the_order_of_the_file) {
  const Node node = load("z: 1\na: 2\nm: 3\n");
  EXPECT_EQ(node.entries[0].key, "z");
  EXPECT_EQ(node.entries[1].key, "a");
  EXPECT_EQ(node.entries[2].key, "m");
}

TEST(Maps, scalars_of_any_kind_are_keys_as_written) {
  const Node node = load("1: a\ntrue: b\nnull: c\n~: d\n");
  for (const char* key : {"1", "true", "null", "~"}) {
    EXPECT_NE(node.find(key), nullptr) << key;
  }
}

TEST(Maps, a_key_twice_is_refused_with_both_places) {
  EXPECT_EQ(refusal("a: 1\nb: 2\na: 3\n"),
            "f.yaml:3:1: the key 'a' stands here twice, first in line 1\n"
            "     3 | a: 3\n"
            "       | ^");
  EXPECT_NE(refusal("a: {b: 1, b: 2}").find("twice"), std::string::npos);
  EXPECT_NE(refusal("x: &x {}\na:\n  <<: *x\n  <<: *x\n").find("'<<' stands here twice"), std::string::npos);
  EXPECT_EQ(refusal("a: {k: 1}\nb: {k: 1}\n"), "accepted");
}

TEST(Maps, keys_that_are_no_scalars_are_refused) {
  EXPECT_NE(refusal("? [a]\n: b\n").find("a key must be a scalar, found a list"), std::string::npos);
  EXPECT_NE(refusal("? {a: b}\n: c\n").find("found a map"), std::string::npos);
  EXPECT_NE(refusal("x: &x [1]\n*x : c\n").find("found a list"), std::string::npos);
}

TEST(Merge, adds_what_the_map_does_not_have) {
  const Node node = load("base: &base {a: 1, b: 2}\nmap:\n  <<: *base\n  b: 3\n  c: 4\n");
  const Node& map = *node.find("map");
  EXPECT_EQ(map.entries.size(), 3U);
  EXPECT_EQ(map.find("a")->integer(), 1);
  EXPECT_EQ(map.find("b")->integer(), 3);
  EXPECT_EQ(map.find("c")->integer(), 4);
  EXPECT_EQ(map.find("<<"), nullptr);
}

TEST(Merge, own_keys_win_wherever_they_stand) {
  const Node node = load("base: &base {a: 1}\nmap: {a: 2, <<: *base}\nother: {<<: *base, a: 3}\n");
  EXPECT_EQ(node.find("map")->find("a")->integer(), 2);
  EXPECT_EQ(node.find("other")->find("a")->integer(), 3);
}

TEST(Merge, of_a_list_the_first_wins) {
  const Node node = load("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nmap: {<<: [*x, *y, {d: 3}]}\n");
  const Node& map = *node.find("map");
  EXPECT_EQ(map.find("b")->integer(), 1);
  EXPECT_EQ(map.find("c")->integer(), 2);
  EXPECT_EQ(map.find("d")->integer(), 3);
}

TEST(Merge, of_what_is_no_map_is_refused) {
  EXPECT_NE(refusal("m: {<<: 5}").find("'<<' takes a map or a list of maps, found a whole number"),
            std::string::npos);
  EXPECT_NE(refusal("m: {<<: [5]}").find("'<<' takes maps, found a whole number"), std::string::npos);
}

TEST(Merge, a_merged_map_can_be_merged_on) {
  const Node node = load("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n");
  EXPECT_EQ(node.find("c")->find("x")->integer(), 1);
}

TEST(Anchors, can_be_redefined) {
  const Node node = load("a: &x 1\nb: *x\nc: &x 2\nd: *x\n");
  EXPECT_EQ(node.find("b")->integer(), 1);
  EXPECT_EQ(node.find("d")->integer(), 2);
}

TEST(Anchors, one_that_is_not_there_or_contains_itself_is_refused) {
  EXPECT_NE(refusal("a: *nope").find("f.yaml:1:"), std::string::npos);
  EXPECT_NE(refusal("a: &x [*x]").find("inside the value that it names"), std::string::npos);
}

TEST(Bombs, of_aliases_are_refused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    text += fmt::format("a{0}: &a{0} [", i);
    for (int j = 0; j < 9; ++j) {
      text += fmt::format("*a{}{}", i - 1, j < 8 ? ", " : "]\n");
    }
  }
  EXPECT_NE(refusal(text).find("expands to more than 100000 values"), std::string::npos);
}

TEST(Bombs, of_depth_are_refused) {
  EXPECT_NE(refusal(std::string(200, '[') + std::string(200, ']')).find("nested deeper than 100 levels"),
            std::string::npos);
  EXPECT_NE(refusal(std::string(1'000'000, '[')).find("f.yaml:1:"), std::string::npos);
  std::string blocks;
  for (int i = 0; i < 3000; ++i) {
    blocks += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  }
  EXPECT_NE(refusal(blocks).find("nested deeper than 100 levels"), std::string::npos);
  EXPECT_EQ(refusal(std::string(100, '[') + std::string(100, ']')), "accepted");
}

TEST(Bombs, of_width_are_refused) {
  std::string text;
  for (int i = 0; i < 100'001; ++i) {
    text += "- x\n";
  }
  EXPECT_NE(refusal(text).find("more than 100000 values"), std::string::npos);
}

TEST(Bytes, a_bom_and_crlf_are_fine) {
  const Node node = load(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: two\r\nc:\r\n  - x\r\n");
  EXPECT_EQ(node.find("a")->place.text(), "f.yaml:1:4");
  EXPECT_EQ(node.find("b")->text(), "two");
  EXPECT_EQ(node.find("c")->items[0].text(), "x");
}

TEST(Bytes, nul_and_other_control_characters_are_refused_with_place) {
  EXPECT_EQ(refusal(std::string("a: 1\nb: x\0y\n", 12)),
            "f.yaml:2:5: a NUL byte stands here\n"
            "     2 | b: x?y\n"
            "       |     ^");
  EXPECT_NE(refusal("a: 1\n\x04\nb: 2\n").find("f.yaml:2:1: a control character (0x04)"), std::string::npos);
  EXPECT_NE(refusal("a: \x1b[31m").find("f.yaml:1:4: a control character (0x1b)"), std::string::npos);
}

TEST(Bytes, what_is_no_utf8_is_refused_and_not_shown_raw) {
  EXPECT_EQ(refusal("a: 1\nb: \xff\xfe\n"),
            "f.yaml:2:0: this line is not valid UTF-8\n"
            "     2 | b: ??\n"
            "       | ^");
  EXPECT_NE(refusal(std::string("\xff\xfe"
                                "a\0:\0",
                                6))
                .find("NUL"),
            std::string::npos);
}

TEST(Documents, more_than_one_is_refused) {
  EXPECT_NE(refusal("a: 1\n---\nb: 2\n").find("f.yaml:3:1: a second document begins here"),
            std::string::npos);
  EXPECT_EQ(refusal("---\na: 1\n...\n"), "accepted");
}

TEST(Documents, without_content_are_null) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n"}) {
    EXPECT_TRUE(load(text).is_null()) << text;
  }
}

TEST(Syntax, an_error_shows_line_and_caret) {
  const std::string message = refusal("a: 1\nb: [1, 2\nc: 3\n");
  EXPECT_TRUE(message.starts_with("f.yaml:")) << message;
  EXPECT_NE(message.find("not valid YAML: "), std::string::npos);
  EXPECT_NE(message.find("\n       | "), std::string::npos) << message;
  EXPECT_NE(refusal("a: b: c").find("f.yaml:1:5: not valid YAML"), std::string::npos) << refusal("a: b: c");
  EXPECT_NE(refusal("\ta: 1").find("f.yaml:1:"), std::string::npos);
  EXPECT_NE(refusal("a: 'open").find("f.yaml:1:"), std::string::npos);
}

TEST(LoadYamlFile, names_the_file) {
  const base::TemporaryFolder folder;
  base::write_file_atomic(folder.path() / "x.yaml", "a: 1\n");
  EXPECT_EQ(load_yaml_file(folder.path() / "x.yaml", "x.yaml").find("a")->place.text(), "x.yaml:1:4");
  EXPECT_EQ(load_yaml_file(folder.path() / "x.yaml").place.source->name, (folder.path() / "x.yaml").string());
  EXPECT_THROW(load_yaml_file(folder.path() / "none.yaml"), base::Error);
}

}  // namespace
}  // namespace fresh::document
