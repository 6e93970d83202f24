#include "determinism/terminal_text.h"

#include <gtest/gtest.h>

namespace fresh::determinism {
namespace {

TEST(TerminalText, carriage_return_overwrites_and_leaves_the_rest) {
  EXPECT_EQ(terminal_text("100%\rdone"), "done");
  EXPECT_EQ(terminal_text("abc\rX"), "Xbc");
  EXPECT_EQ(terminal_text("abc\r\nd"), "abc\nd");
}

TEST(TerminalText, backspace_goes_left_and_not_beyond_the_margin) {
  EXPECT_EQ(terminal_text("ab\bc"), "ac");
  EXPECT_EQ(terminal_text("a\b\b\bxy"), "xy");
}

TEST(TerminalText, erases_as_told) {
  EXPECT_EQ(terminal_text("abc\r\x1b[K"), "");
  EXPECT_EQ(terminal_text("abc\b\x1b[0K"), "ab");
  EXPECT_EQ(terminal_text("abc\x1b[2Kd"), "   d");
  EXPECT_EQ(terminal_text("abc\b\b\x1b[1K"), "  c");
}

TEST(TerminalText, drops_colours_and_keeps_other_sequences) {
  EXPECT_EQ(terminal_text("\x1b[1;31mred\x1b[0m"), "red");
  EXPECT_EQ(terminal_text("a\x1b[2A"), "a\x1b[2A");
  EXPECT_EQ(terminal_text("cut\x1b["), "cut\x1b[");
}

TEST(TerminalText, a_column_is_a_code_point) {
  EXPECT_EQ(terminal_text("é█x\r1"), "1█x");
  EXPECT_EQ(terminal_text("\xff\rA"), "A");
}

}  // namespace
}  // namespace fresh::determinism
