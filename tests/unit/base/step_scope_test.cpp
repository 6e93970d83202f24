#include "base/step_scope.h"

#include <gtest/gtest.h>

#include <vector>

namespace fresh::base {
namespace {

class HandClock final : public Clock {
 public:
  WallTime wall() const override { return {}; }
  SteadyTime steady() const override { return SteadyTime(now); }
  bool wait(Milliseconds /*duration*/, const std::stop_token& /*stop*/) const override { return true; }
  Milliseconds now{0};
};

struct Heard {
  std::vector<Event> events;
  EventSink sink() {
    return [this](const Event& event) { events.push_back(event); };
  }
};

TEST(StepScope, tells_begin_and_end_with_its_time) {
  Heard heard;
  HandClock clock;
  {
    StepScope step(heard.sink(), clock, "image:x", "building");
    ASSERT_EQ(heard.events.size(), 1U);
    EXPECT_EQ(heard.events[0].type, event_type::step_started);
    EXPECT_EQ(heard.events[0].subject, "image:x");
    EXPECT_EQ(heard.events[0].took, std::nullopt);
    clock.now = Milliseconds(1500);
    step.finish("ok", "built");
  }
  ASSERT_EQ(heard.events.size(), 2U);
  EXPECT_EQ(heard.events[1].type, event_type::step_finished);
  EXPECT_EQ(heard.events[1].subject, "image:x");
  EXPECT_EQ(heard.events[1].text, "built");
  EXPECT_EQ(heard.events[1].outcome, "ok");
  EXPECT_EQ(heard.events[1].took, Milliseconds(1500));
}

TEST(StepScope, that_nobody_finished_failed) {
  Heard heard;
  const HandClock clock;
  try {
    const StepScope step(heard.sink(), clock, "image:x", "building");
    throw 1;
  } catch (int) {
  }
  ASSERT_EQ(heard.events.size(), 2U);
  EXPECT_EQ(heard.events[1].outcome, "failed");
  EXPECT_EQ(heard.events[1].text, "building");
}

TEST(StepScope, finish_without_text_keeps_the_first) {
  Heard heard;
  const HandClock clock;
  { StepScope(heard.sink(), clock, "a", "text").finish("cached"); }
  EXPECT_EQ(heard.events[1].text, "text");
  EXPECT_EQ(heard.events[1].outcome, "cached");
}

}  // namespace
}  // namespace fresh::base
