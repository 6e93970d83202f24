#include "compose/follow.h"

#include "support/fake_clock.h"
#include "support/fake_engine.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fresh::compose {
namespace {

class Follows : public ::testing::Test {
 protected:
  Follows() {
    engine_.add_image("x", "1");
    for (const char* name : {"a", "b"}) {
      engine_.create_container({.name = name, .image = "x"}, {});
    }
  }

  FollowOptions options() {
    return {.clock = clock_,
            .on_line =
                [this](const Followed& one, std::string_view line) {
                  const std::scoped_lock lock(mutex_);
                  said_.push_back(one.service + ": " + std::string(line));
                },
            .on_end =
                [this](const FollowedEnd& end) {
                  const std::scoped_lock lock(mutex_);
                  said_.push_back(end.service + " ended " + std::to_string(end.exit_code));
                }};
  }
  bool has_said(const std::string& words) {
    const std::scoped_lock lock(mutex_);
    return std::find(said_.begin(), said_.end(), words) != said_.end();
  }

  test::FakeEngine engine_;
  test::FakeClock clock_;
  std::mutex mutex_;
  std::vector<std::string> said_;
};

TEST_F(Follows, FromBeforeTheStartToTheEnd) {
  engine_.behaviour("a").out = "one\r\ntwo";
  engine_.behaviour("a").exit_code = 3;
  Follower follower(engine_, options());
  follower.follow({.service = "web", .container = "a"});
  EXPECT_TRUE(said_.empty());
  engine_.start_container("a", {});
  EXPECT_TRUE(follower.wait_all({}));
  EXPECT_EQ(said_, (std::vector<std::string>{"web: one", "web: two", "web ended 3"}));
  ASSERT_EQ(follower.ends().size(), 1U);
  EXPECT_EQ(follower.ends()[0].exit_code, 3);
}

TEST_F(Follows, TheEndAloneOfWhatIsNotShown) {
  engine_.behaviour("a").out = "one\n";
  engine_.behaviour("a").exit_code = 0;
  Follower follower(engine_, options());
  follower.follow({.service = "web", .container = "a", .shows = false});
  engine_.start_container("a", {});
  EXPECT_TRUE(follower.wait_all({}));
  EXPECT_EQ(said_, std::vector<std::string>{"web ended 0"});
}

TEST_F(Follows, UntilTheLastOneHasEndedOrAStop) {
  engine_.start_container("a", {});
  engine_.start_container("b", {});
  Follower follower(engine_, options());
  follower.follow({.service = "a", .container = "a"});
  follower.follow({.service = "b", .container = "b"});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(follower.wait_all(stop.get_token()));
  engine_.end("a", 1);
  EXPECT_FALSE(follower.finish(base::Milliseconds(0)));
  engine_.end("b", 2);
  EXPECT_TRUE(follower.wait_all({}));
  EXPECT_TRUE(has_said("a ended 1"));
  EXPECT_TRUE(has_said("b ended 2"));
}

TEST_F(Follows, NoLongerWhatItsPolicyDoesNotStartAgain) {
  engine_.behaviour("a").exit_code = 0;
  Follower follower(engine_, options());
  follower.follow({.service = "a", .container = "a", .restart = "on-failure"});
  engine_.start_container("a", {});
  EXPECT_TRUE(follower.wait_all({}));
  EXPECT_EQ(follower.ends().size(), 1U);
}

TEST_F(Follows, ForAWhileWhatItsPolicyMayStartAgain) {
  engine_.behaviour("a").exit_code = 1;
  Follower follower(engine_, options());
  follower.follow({.service = "a", .container = "a", .restart = "always"});
  engine_.start_container("a", {});
  EXPECT_TRUE(follower.wait_all({}));
  EXPECT_EQ(follower.ends().size(), 1U);
}

TEST_F(Follows, NothingOfAContainerThatDoesNotExist) {
  Follower follower(engine_, options());
  EXPECT_THROW(follower.follow({.service = "z", .container = "z"}), engine::EngineError);
  EXPECT_TRUE(follower.wait_all({}));
}

}  // namespace
}  // namespace fresh::compose
