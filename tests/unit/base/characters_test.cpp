#include "base/characters.h"

#include <gtest/gtest.h>

namespace fresh::base {
namespace {

TEST(Characters, AreCountedNotTheirBytes) {
  EXPECT_EQ(characters(""), 0U);
  EXPECT_EQ(characters("abc"), 3U);
  EXPECT_EQ(characters("é…x"), 3U);
}

TEST(Characters, AreNotCutInTheMiddle) {
  EXPECT_EQ(first_characters("é…x", 0), "");
  EXPECT_EQ(first_characters("é…x", 2), "é…");
  EXPECT_EQ(first_characters("é…x", 3), "é…x");
  EXPECT_EQ(first_characters("é…x", 9), "é…x");
}

}  // namespace
}  // namespace fresh::base
