#include "cli/log_painter.h"

#include <gtest/gtest.h>

namespace fresh::cli {
namespace {

TEST(LogPainter, PutsTheNameBeforeEachLine) {
  LogPainter painter({});
  EXPECT_EQ(painter.paint({.name = "db", .text = "ready"}), "db | ready");
  EXPECT_EQ(painter.paint({.name = "web-2", .text = "GET /"}), "web-2 | GET /");
  EXPECT_EQ(painter.paint({.name = "db", .text = "again"}), "db | again");
  EXPECT_EQ(painter.paint({.name = "db", .text = "exited with code 0", .is_end = true}),
            "db exited with code 0");
}

TEST(LogPainter, LeavesTheNameOutWhereItIsNotWanted) {
  LogPainter painter({.prefix = false, .colour = true, .align = true});
  EXPECT_EQ(painter.paint({.name = "db", .text = "ready"}), "ready");
}

TEST(LogPainter, GivesEachNameAColourAndOneColumn) {
  LogPainter painter({.colour = true, .align = true});
  EXPECT_EQ(painter.paint({.name = "db", .text = "a"}), "\x1b[36mdb\x1b[0m | a");
  EXPECT_EQ(painter.paint({.name = "web", .text = "b"}), "\x1b[33mweb\x1b[0m | b");
  EXPECT_EQ(painter.paint({.name = "db", .text = "c"}), "\x1b[36mdb\x1b[0m  | c");
}

TEST(LogPainter, HasColoursForAnyNumberOfNames) {
  LogPainter painter({.colour = true});
  std::string first = painter.paint({.name = "0", .text = ""});
  for (int i = 1; i < 10; ++i) {
    painter.paint({.name = std::to_string(i), .text = ""});
  }
  EXPECT_EQ(painter.paint({.name = "x", .text = ""}), "\x1b[36mx\x1b[0m | ");
  EXPECT_EQ(painter.paint({.name = "0", .text = ""}), first);
}

}  // namespace
}  // namespace fresh::cli
