#include "pipeline/event_bus.h"

#include <gtest/gtest.h>

#include <vector>

namespace fresh::pipeline {
namespace {

TEST(EventBus, HandsEachEventToEachListenerInOrder) {
  EventBus bus;
  std::vector<std::string> first;
  std::vector<std::string> second;
  const auto one = bus.listen([&](const base::Event& event) { first.push_back(event.text); });
  const auto two = bus.listen([&](const base::Event& event) { second.push_back(event.text); });
  bus.notice("a", "1");
  bus.warn("a", "2");
  EXPECT_EQ(first, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(second, first);
}

TEST(EventBus, ForgetsAListenerWhoseSubscriptionEnded) {
  EventBus bus;
  int heard = 0;
  {
    const auto subscription = bus.listen([&](const base::Event& /*event*/) { ++heard; });
    bus.notice("a", "1");
  }
  bus.notice("a", "2");
  EXPECT_EQ(heard, 1);
}

TEST(EventBus, FiltersTextsAndFields) {
  EventBus bus;
  base::Event heard;
  const auto subscription = bus.listen([&](const base::Event& event) { heard = event; });
  bus.filter([](std::string_view text) { return text == "secret" ? std::string("***") : std::string(text); });
  base::Event event{.type = base::event_type::log_line, .subject = "s", .text = "secret"};
  event.fields["token"] = "secret";
  bus.publish(event);
  EXPECT_EQ(heard.text, "***");
  EXPECT_EQ(heard.fields.at("token"), "***");
}

}  // namespace
}  // namespace fresh::pipeline
