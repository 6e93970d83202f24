#include "engine/last_lines.h"

#include <gtest/gtest.h>

namespace fresh::engine {
namespace {

std::string finished(LastLines& lines) {
  std::string text;
  lines.finish([&](Stream stream, std::string_view line) {
    text += stream == Stream::out ? "o:" : "e:";
    text += line;
  });
  return text;
}

TEST(LastLines, are_the_last_ones_in_the_order_of_their_ends) {
  LastLines lines(2);
  lines.feed(Stream::out, "one\ntwo\n");
  lines.feed(Stream::err, "three\n");
  EXPECT_EQ(finished(lines), "o:two\ne:three\n");
}

TEST(LastLines, a_line_in_parts_is_one_line) {
  LastLines lines(1);
  lines.feed(Stream::out, "no luck");
  lines.feed(Stream::err, "warn\n");
  lines.feed(Stream::out, " today");
  lines.feed(Stream::out, "\n");
  EXPECT_EQ(finished(lines), "o:no luck today\n");
}

TEST(LastLines, what_has_no_newline_counts) {
  LastLines lines(2);
  lines.feed(Stream::out, "one\ntwo\nthree");
  EXPECT_EQ(finished(lines), "o:two\no:three");
}

TEST(LastLines, none_are_wanted) {
  LastLines lines(0);
  lines.feed(Stream::out, "one\ntwo");
  EXPECT_EQ(finished(lines), "");
}

}  // namespace
}  // namespace fresh::engine
