#include "base/error.h"

#include <gtest/gtest.h>

#include <thread>

namespace fresh::base {
namespace {

TEST(Error, renders_message_intents_innermost_first_and_hint) {
  const Doing outer("bringing up service '{}'", "db");
  const Doing inner("pulling image '{}'", "postgres:16");
  const Error error(ExitCode::deploy, "engine answered 404: manifest unknown", "check the tag");
  EXPECT_EQ(error.render(),
            "error: engine answered 404: manifest unknown\n"
            "  while pulling image 'postgres:16'\n"
            "  while bringing up service 'db'\n"
            "  hint: check the tag\n");
  EXPECT_EQ(number(error.code()), 30);
  EXPECT_STREQ(error.what(), "engine answered 404: manifest unknown");
}

TEST(Error, without_hint_has_no_hint_line) {
  EXPECT_EQ(Error(ExitCode::bug, "broken").render(), "error: broken\n");
}

TEST(Error, keeps_the_intent_of_where_it_was_thrown) {
  try {
    const Doing doing("reading");
    throw Error(ExitCode::precheck, "no");
  } catch (const Error& error) {
    EXPECT_EQ(error.doing(), DoingStack{"reading"});
    EXPECT_TRUE(Doing::stack().empty());
  }
}

TEST(Interrupted, has_its_exit_code) {
  const Interrupted error("pulling");
  EXPECT_EQ(number(error.code()), 130);
  EXPECT_EQ(error.message(), "interrupted while pulling");
}

TEST(Doing, braces_in_a_ready_sentence_are_no_format) {
  const Doing doing(std::string("{} {"));
  EXPECT_EQ(Doing::stack(), DoingStack{"{} {"});
}

TEST(Doing, each_thread_has_its_own_stack_and_can_inherit) {
  const Doing doing("outer");
  const DoingStack mine = Doing::stack();
  DoingStack bare{"untouched"};
  DoingStack inherited;
  DoingStack after{"untouched"};
  std::thread([&] {
    bare = Doing::stack();
    {
      const Doing::Inherit inherit(mine);
      const Doing inner("inner");
      inherited = Doing::stack();
    }
    after = Doing::stack();
  }).join();
  EXPECT_TRUE(bare.empty());
  EXPECT_EQ(inherited, (DoingStack{"outer", "inner"}));
  EXPECT_TRUE(after.empty());
  EXPECT_EQ(Doing::stack(), DoingStack{"outer"});
}

}  // namespace
}  // namespace fresh::base
