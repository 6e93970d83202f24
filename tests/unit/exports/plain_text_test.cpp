#include "exports/plain_text.h"

#include <gtest/gtest.h>

namespace fresh::exports {
namespace {

TEST(PlainText, keeps_what_is_plain) {
  EXPECT_EQ(plain_text("a\tb\nc \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80"),
            "a\tb\nc \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80");
}

TEST(PlainText, drops_escape_sequences_whole) {
  EXPECT_EQ(plain_text("\x1b[1;31mred\x1b[0m"), "red");
  EXPECT_EQ(plain_text("\x1b]0;title\a<\x1b]8;;http://x\x1b\\link"), "<link");
  EXPECT_EQ(plain_text("\x1b(Bx\x1b"), "x");
  EXPECT_EQ(plain_text("\x1b["), "");
}

TEST(PlainText, a_sequence_that_never_ends_does_not_swallow_the_text) {
  EXPECT_EQ(plain_text("\x1b]0;title\nnext"), "]0;title\nnext");
}

TEST(PlainText, drops_control_characters_and_what_xml_cannot_hold) {
  EXPECT_EQ(plain_text(std::string("a\0b\rc\x07"
                                   "d\x7f"
                                   "e\xC2\x9B"
                                   "f\xEF\xBF\xBEg",
                                   16)),
            "abcdefg");
}

TEST(VisibleText, shows_what_would_drive_a_terminal) {
  EXPECT_EQ(visible_text("key \x1b]0;owned\a\x1b[2J: x"), "key \\x1b]0;owned\\x07\\x1b[2J: x");
  EXPECT_EQ(visible_text("a\xC2\x9B"
                         "31m \xff \x7f"),
            "a\\u009b31m \\xff \\x7f");
  EXPECT_EQ(visible_text("one\r\ntwo\rthree"), "one\ntwo\\x0dthree");
  EXPECT_EQ(visible_text("a\tb\nc \xC3\xA4 \xE2\x82\xAC"), "a\tb\nc \xC3\xA4 \xE2\x82\xAC");
}

TEST(PlainText, replaces_bytes_that_are_no_utf8) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(plain_text("a\xff"), "a" + mark);
  EXPECT_EQ(plain_text("\xC0\xAF"), mark + mark);             // overlong
  EXPECT_EQ(plain_text("\xED\xA0\x80"), mark + mark + mark);  // surrogate
  EXPECT_EQ(plain_text("\xE2\x82"), mark + mark);             // cut
}

TEST(OneLine, joins_lines_and_blanks) {
  EXPECT_EQ(one_line("  a \n\n\tb  c \n"), "a b c");
  EXPECT_EQ(one_line(" \n"), "");
}

}  // namespace
}  // namespace fresh::exports
