#include "cli/painter.h"

#include <gtest/gtest.h>

namespace fresh::cli {
namespace {

base::Event event(const char* type, std::string subject, std::string text, std::string outcome = {}) {
  return {.type = type,
          .subject = std::move(subject),
          .text = std::move(text),
          .outcome = std::move(outcome),
          .took = base::Milliseconds(1500)};
}

TEST(PlainLine, ShowsGatesAndSteps) {
  EXPECT_EQ(plain_line(event(base::event_type::gate_finished, "gate:G4_BUILD", "6 images", "passed")),
            "G4_BUILD             passed  1.5s  6 images");
  EXPECT_EQ(plain_line(event(base::event_type::step_finished, "image:a:1", "up to date", "unchanged")),
            "  unchanged image:a:1  up to date  1.5s");
}

TEST(PlainLine, LeavesOutLogLinesAndStarts) {
  EXPECT_EQ(plain_line(event(base::event_type::log_line, "image:a:1", "noise")), "");
  EXPECT_EQ(plain_line(event(base::event_type::step_started, "image:a:1", "building")), "");
}

TEST(PlainLine, LetsNoEscapeSequenceThrough) {
  const std::string line = plain_line(event(base::event_type::warning, "s", "red\x1b[31m\x07 text\nsecond"));
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
  EXPECT_EQ(line.find('\x07'), std::string::npos);
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST(WantsColour, NeedsATerminal) {
  EXPECT_FALSE(wants_colour(-1, {}));
  EXPECT_FALSE(wants_colour(-1, {{"TERM", "xterm"}}));
}

}  // namespace
}  // namespace fresh::cli
