#include "compose/interpolate.h"

#include <gtest/gtest.h>

#include <map>

namespace fresh::compose {
namespace {

struct Case {
  const char* text;
  const char* expected;
};

std::string filled(std::string_view text, std::vector<std::string>* unset_names = nullptr) {
  static const std::map<std::string, std::string, std::less<>> variables{
      {"FOO", "first"}, {"EMPTY", ""}, {"_x1", "y"}};
  std::vector<std::string> unset;
  auto result = substitute(
      text,
      [](std::string_view name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
      },
      unset);
  if (unset_names != nullptr) {
    *unset_names = unset;
  }
  return result;
}

class Substitutes : public testing::TestWithParam<Case> {};

TEST_P(Substitutes, AsTheSpecificationSays) {
  EXPECT_EQ(filled(GetParam().text), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Interpolation, Substitutes,
    testing::Values(Case{"plain", "plain"}, Case{"$FOO", "first"}, Case{"${FOO}", "first"},
                    Case{"$FOO-bar", "first-bar"}, Case{"$_x1.", "y."}, Case{"$$FOO", "$FOO"}, Case{"$", "$"},
                    Case{"^a$", "^a$"}, Case{"$}", "$}"}, Case{"$5", "$5"}, Case{"${EMPTY:-d}", "d"},
                    Case{"${EMPTY-d}", ""}, Case{"${NO-d}", "d"}, Case{"${NO:-}", ""}, Case{"${FOO:+r}", "r"},
                    Case{"${EMPTY:+r}", ""}, Case{"${EMPTY+r}", "r"}, Case{"${NO+r}", ""},
                    Case{"${FOO:?e}", "first"}, Case{"${NO:-${FOO}}", "first"},
                    Case{"${NO:-a${NO:-${EMPTY:-z}}b}", "azb"}, Case{"${NO:-a:?b}", "a:?b"},
                    Case{"${NO:-$$x}", "$x"}, Case{"${FOO}${FOO}", "firstfirst"},
                    Case{"${NO:-http://h:1/p?q=a}", "http://h:1/p?q=a"}));

class Refuses : public testing::TestWithParam<Case> {};

TEST_P(Refuses, WithTheReason) {
  try {
    filled(GetParam().text);
    FAIL() << "accepted " << GetParam().text;
  } catch (const InterpolationError& error) {
    EXPECT_NE(error.message.find(GetParam().expected), std::string::npos) << error.message;
  }
}

INSTANTIATE_TEST_SUITE_P(Interpolation, Refuses,
                         testing::Values(Case{"${", "no closing brace"}, Case{"${}", "names no variable"},
                                         Case{"${ x}", "names no variable"},
                                         Case{"${x!}", "invalid template"}, Case{"${x:}", "invalid template"},
                                         Case{"${NO:?}", "required variable NO"},
                                         Case{"${NO:?say ${FOO}}", "missing a value: say first"},
                                         Case{"${FOO:-${NO:?e}}", "required variable NO"},
                                         Case{"${NO:+${NO2?e}}", "required variable NO2"},
                                         Case{"${FOO?${}}", "names no variable"},
                                         Case{"${EMPTY:?e}", "required variable EMPTY"}));

TEST(Interpolation, NamesWhatIsUnsetOnlyWhereItIsUsed) {
  std::vector<std::string> unset;
  filled("$NO ${FOO:-$OTHER} ${NO2:-d}", &unset);
  EXPECT_EQ(unset, std::vector<std::string>{"NO"});
}

TEST(Interpolation, DeepNestingIsRefusedNotFollowed) {
  std::string text = "x";
  for (int i = 0; i < 10'000; ++i) {
    text = "${N:-" + text + "}";
  }
  EXPECT_THROW(filled(text), InterpolationError);
}

}  // namespace
}  // namespace fresh::compose
