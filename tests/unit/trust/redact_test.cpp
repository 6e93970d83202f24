#include "trust/redact.h"

#include <gtest/gtest.h>

namespace fresh::trust {
namespace {

TEST(Redactor, hides_every_occurrence) {
  const Redactor redactor({"s3cr3t-value"});
  EXPECT_EQ(redactor.redact("a s3cr3t-value b s3cr3t-values3cr3t-value"), "a *** b ******");
  EXPECT_TRUE(redactor.finds_secret("xs3cr3t-valuex"));
  EXPECT_FALSE(redactor.finds_secret("s3cr3t-valu"));
}

TEST(Redactor, leaves_short_values_alone) {
  const Redactor redactor({"", "1234567"});
  EXPECT_EQ(redactor.redact("1234567 is a number"), "1234567 is a number");
  EXPECT_EQ(Redactor({"12345678"}).redact("12345678 is a secret"), "*** is a secret");
}

TEST(Redactor, a_secret_inside_a_longer_one_leaves_nothing_of_it) {
  EXPECT_EQ(Redactor({"abcdefgh", "abcdefghijkl"}).redact("<abcdefghijkl> <abcdefgh>"), "<***> <***>");
  EXPECT_EQ(Redactor({"abcdefghijkl", "abcdefgh"}).redact("<abcdefghijkl> <abcdefgh>"), "<***> <***>");
}

TEST(Redactor, hides_a_secret_of_several_lines_in_each_of_its_lines) {
  const Redactor redactor({"-----BEGIN-----\nabcdefghijklmnop\r\nqrs\n"});
  EXPECT_EQ(redactor.redact("abcdefghijklmnop"), "***");
  EXPECT_EQ(redactor.redact("-----BEGIN-----\nabcdefghijklmnop\nqrs"), "***\n***\nqrs");
}

TEST(Redactor, without_secrets_changes_nothing) {
  EXPECT_EQ(Redactor({}).redact("text"), "text");
  EXPECT_EQ(Redactor({"12345678"}).redact(""), "");
}

}  // namespace
}  // namespace fresh::trust
