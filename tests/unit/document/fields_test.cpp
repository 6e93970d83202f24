#include "document/fields.h"

#include "base/error.h"
#include "document/load_yaml.h"
#include "document/refuse.h"

#include <gtest/gtest.h>

#include <functional>

namespace fresh::document {
namespace {

using std::chrono::milliseconds;

/// What `read` is refused with, message and hint.
std::string refusal(const std::string& text, const std::function<void(Fields&)>& read) {
  const Node node = load_yaml(text, "f.yaml");
  try {
    Fields fields(node, "image");
    read(fields);
    fields.finish();
  } catch (const base::Error& error) {
    return error.message() + "\nhint: " + error.hint();
  }
  return "accepted";
}

TEST(Fields, read_typed_values) {
  const Node node = load_yaml(
      "name: x\nport: 80\nflag: true\ntimeout: 1m30s\nlist: [a, 1]\none: a\nmap: {k: 1, e: }\n", "f");
  Fields fields(node, "service");
  EXPECT_EQ(fields.text("name"), "x");
  EXPECT_EQ(fields.text("port"), "80");
  EXPECT_EQ(fields.integer("port", 0), 80);
  EXPECT_TRUE(fields.boolean("flag", false));
  EXPECT_EQ(fields.duration("timeout", milliseconds(0)), milliseconds(90'000));
  EXPECT_EQ(fields.texts("list"), (std::vector<std::string>{"a", "1"}));
  EXPECT_EQ(fields.texts("one"), std::vector<std::string>{"a"});
  EXPECT_EQ(fields.text_map("map"), (std::map<std::string, std::string>{{"k", "1"}, {"e", ""}}));
  EXPECT_NO_THROW(fields.finish());
}

TEST(Fields, fall_back_when_absent_or_null) {
  const Node node = load_yaml("empty:\n", "f");
  Fields fields(node, "service");
  for (const char* key : {"empty", "absent"}) {
    EXPECT_FALSE(fields.has(key));
    EXPECT_EQ(fields.text(key, "d"), "d");
    EXPECT_EQ(fields.integer(key, 7), 7);
    EXPECT_TRUE(fields.boolean(key, true));
    EXPECT_EQ(fields.duration(key, milliseconds(3)), milliseconds(3));
    EXPECT_TRUE(fields.texts(key).empty());
    EXPECT_TRUE(fields.text_map(key).empty());
  }
}

TEST(Fields, refuse_a_key_that_nobody_knows_with_the_nearest) {
  EXPECT_EQ(refusal("name: x\nimgae: y\n",
                    [](Fields& fields) {
                      fields.text("name");
                      fields.text("image", "");
                    }),
            "f.yaml:2:1: unknown key 'imgae' in 'image'\n"
            "     2 | imgae: y\n"
            "       | ^\n"
            "hint: did you mean 'image'?");
}

TEST(Fields, list_the_known_keys_when_none_is_near) {
  const std::string said = refusal("zzz: 1\n", [](Fields& fields) {
    fields.has("name");
    fields.has("build");
  });
  EXPECT_NE(said.find("hint: known keys: build, name"), std::string::npos) << said;
}

TEST(Fields, extensions_are_always_fine) {
  EXPECT_EQ(refusal("x-anything: {a: 1}\n", [](Fields&) {}), "accepted");
}

TEST(Fields, refuse_the_wrong_kind_with_place) {
  const auto said = [](const std::string& text, const std::function<void(Fields&)>& read) {
    const std::string all = refusal(text, read);
    return all.substr(0, all.find('\n'));
  };
  EXPECT_EQ(said("a: [1]", [](Fields& f) { f.text("a"); }), "f.yaml:1:4: 'a' takes text, found a list");
  EXPECT_EQ(said("a: {}", [](Fields& f) { f.texts("a"); }), "f.yaml:1:4: 'a' takes a list, found a map");
  EXPECT_EQ(said("a: [[]]", [](Fields& f) { f.texts("a"); }), "f.yaml:1:5: 'a' takes text, found a list");
  EXPECT_EQ(said("a: []", [](Fields& f) { f.text_map("a"); }), "f.yaml:1:4: 'a' takes a map, found a list");
  EXPECT_EQ(said("a: yes", [](Fields& f) { f.boolean("a", true); }),
            "f.yaml:1:4: expected true or false, found 'yes'");
  EXPECT_EQ(said("a: 1.5", [](Fields& f) { f.integer("a", 0); }),
            "f.yaml:1:4: expected a whole number, found '1.5'");
  EXPECT_EQ(said("a: soon", [](Fields& f) { f.duration("a", {}); }),
            "f.yaml:1:4: 'a' is no duration: 'soon'");
  EXPECT_EQ(said("[1]", [](Fields&) {}), "f.yaml:1:1: 'image' takes a map, found a list");
}

TEST(Fields, a_missing_key_is_said_at_its_map_even_when_that_is_empty) {
  EXPECT_EQ(refusal("a: 1\n", [](Fields& fields) { fields.text("name"); }),
            "f.yaml:1:1: 'image' needs a value for 'name'\n"
            "     1 | a: 1\n"
            "       | ^\n"
            "hint: add 'name:' here");
  const Node node = load_yaml("image:\nother: 1\n", "f.yaml");
  try {
    Fields(*node.find("image"), "image").require("name");
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_TRUE(error.message().starts_with("f.yaml:1:")) << error.message();
  }
}

TEST(ParseDuration, of_all_units) {
  EXPECT_EQ(parse_duration("90s"), milliseconds(90'000));
  EXPECT_EQ(parse_duration("1m30s"), milliseconds(90'000));
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("2h"), milliseconds(7'200'000));
  EXPECT_EQ(parse_duration("1.5s"), milliseconds(1'500));
  EXPECT_EQ(parse_duration("1500us"), milliseconds(2));
  EXPECT_EQ(parse_duration("1d"), milliseconds(86'400'000));
  EXPECT_EQ(parse_duration("30"), milliseconds(30'000));
  EXPECT_EQ(parse_duration("0"), milliseconds(0));
}

TEST(ParseDuration, refuses_what_is_none) {
  for (const char* text : {"", "s", "-1s", "-0", "1x", "1 s", " 1s", "1m30", "1..5s", "1e3s", "inf", "nan",
                           "nans", "9999999999999999h", "1s-"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(ParseSize, of_all_units) {
  EXPECT_EQ(parse_size("64m"), 64 * 1024 * 1024);
  EXPECT_EQ(parse_size("1.5gb"), 1'610'612'736);
  EXPECT_EQ(parse_size("512K"), 512 * 1024);
  EXPECT_EQ(parse_size("512kib"), 512 * 1024);
  EXPECT_EQ(parse_size("1GiB"), 1'073'741'824);
  EXPECT_EQ(parse_size("42"), 42);
  EXPECT_EQ(parse_size("42b"), 42);
}

TEST(ParseSize, refuses_what_is_none) {
  for (const char* text : {"", "m", "-1", "1x", "1 m", "inf", "nan", "99999999999t", "1m2"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(Nearest, suggests_what_was_meant) {
  const std::vector<std::string> keys{"build", "environment", "image", "name", "ports"};
  EXPECT_EQ(nearest("imgae", keys), "image");
  EXPECT_EQ(nearest("naem", keys), "name");
  EXPECT_EQ(nearest("enviroment", keys), "environment");
  EXPECT_EQ(nearest("port", keys), "ports");
  EXPECT_EQ(nearest("nama", keys), "name");
}

TEST(Nearest, suggests_nothing_far_away) {
  EXPECT_EQ(nearest("volumes", {"image", "name"}), "");
  EXPECT_EQ(nearest("x", {"image"}), "");
  EXPECT_EQ(nearest("x", {"y"}), "");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Refuse, puts_the_caret_below_the_character) {
  const Node node = load_yaml("\"ä\":\t[ö, x]\n", "f.yaml");
  try {
    refuse(node.find("ä")->items[1].place, "no");
  } catch (const base::Error& error) {
    EXPECT_EQ(error.message(),
              "f.yaml:1:10: no\n"
              "     1 | \"ä\":\t[ö, x]\n"
              "       |     \t    ^");
  }
}

TEST(Refuse, leaves_out_lines_too_wide_to_read) {
  const Node node = load_yaml("a: " + std::string(500, 'x'), "f.yaml");
  try {
    refuse(node.find("a")->place, "no");
  } catch (const base::Error& error) {
    EXPECT_EQ(error.message(), "f.yaml:1:4: no");
  }
}

TEST(Refuse, a_place_without_a_file_is_said) {
  try {
    refuse(Place{}, "no", "do");
  } catch (const base::Error& error) {
    EXPECT_EQ(error.message(), "(built in): no");
    EXPECT_EQ(error.hint(), "do");
  }
}

TEST(TextNode, resolves_as_plain_yaml_would) {
  EXPECT_EQ(text_node("5").kind, Kind::integer);
  EXPECT_EQ(text_node("yes").kind, Kind::text);
  EXPECT_EQ(text_node("").kind, Kind::null);
}

}  // namespace
}  // namespace fresh::document
