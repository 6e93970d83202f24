#include "compose/env_file.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace fresh::compose {
namespace {

std::string read(std::string_view text) {
  const Lookup lookup = [](std::string_view name) -> std::optional<std::string> {
    return name == "HOST" ? std::optional<std::string>("box") : std::nullopt;
  };
  std::string result;
  for (const auto& variable : parse_env_file(text, "test.env", lookup)) {
    result += variable.name + (variable.value ? "=[" + *variable.value + "]" : "") + ";";
  }
  return result;
}

struct Case {
  const char* text;
  const char* expected;
};

class EnvFile : public testing::TestWithParam<Case> {};

TEST_P(EnvFile, IsReadAsTheSpecificationSays) {
  EXPECT_EQ(read(GetParam().text), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Grammar, EnvFile,
    testing::Values(Case{"A=1\nB=2", "A=[1];B=[2];"},
                    Case{"\xEF\xBB\xBF"
                         "A=1\r\nB=2\r\n",
                         "A=[1];B=[2];"},
                    Case{"# c\n\n  A=1 # tail\nB=1# kept", "A=[1];B=[1# kept];"}, Case{"A=", "A=[];"},
                    Case{"A", "A;"}, Case{"export A=1", "A=[1];"}, Case{"A: b", "A=[b];"},
                    Case{"A='$HOST \\n'", "A=[$HOST \\n];"}, Case{"A=\"$HOST\\n\\t\\\"\"", "A=[box\n\t\"];"},
                    Case{"A=$HOST-$NO", "A=[box-];"}, Case{"A=1\nB=${A}2", "A=[1];B=[12];"},
                    Case{"A=\"x\ny\"\nB=2", "A=[x\ny];B=[2];"}, Case{"A='it\\'s'", "A=[it's];"},
                    Case{"A=\"\\$HOST\"", "A=[$HOST];"}, Case{"A=\"x\" # tail", "A=[x];"},
                    Case{"URL=http://a/#b", "URL=[http://a/#b];"}));

TEST(EnvFile, ErrorsNameFileAndLine) {
  try {
    read("A=1\nB=\"open\n");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_NE(error.message().find("test.env:2:3"), std::string::npos) << error.message();
    EXPECT_EQ(error.code(), base::ExitCode::precheck);
  }
  EXPECT_THROW(read("not a name"), base::Error);
  EXPECT_THROW(read("A$=x"), base::Error);
  EXPECT_THROW(read("=x"), base::Error);
}

template <typename Read>
std::string refused(Read read_it) {
  try {
    read_it();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::precheck);
    EXPECT_FALSE(error.hint().empty());
    return error.message();
  }
  return "accepted";
}

TEST(EnvFile, ThatIsNotUtf8IsRefusedWithItsPlace) {
  EXPECT_EQ(refused([] { read("A=1\nB=\xC3\xA9\xE9z"); }), "test.env:2:4: this is not UTF-8");
  EXPECT_EQ(refused([] { parse_raw_env_file("A=\xFF", "raw.env"); }), "raw.env:1:3: this is not UTF-8");
}

TEST(EnvFile, ErrorsShowNoValue) {
  for (const std::string text :
       {"BAD LINE s3cr3t", "BAD s3cr3t=1", "A=1\ns3cr3t$=x", "A=${s3cr3t", "A=${s3cr3t!}", "A=${-s3cr3t}",
        "A=\"s3cr3t", "A='s3cr3t", "A=s3cr3t${", "=s3cr3t", "A=s3cr3t\xFF", "A\ts3cr3t=1"}) {
    const std::string message = refused([&] { read(text); });
    EXPECT_TRUE(message.starts_with("test.env:")) << message;
    EXPECT_EQ(message.find("s3cr3t"), std::string::npos) << message;
  }
}

TEST(EnvFile, RawFormatInterpretsNothing) {
  const auto variables = parse_raw_env_file("A='$X' # c\n# no\nB=\"\\n\"", "test.env");
  ASSERT_EQ(variables.size(), 2U);
  EXPECT_EQ(variables[0].value, "'$X' # c");
  EXPECT_EQ(variables[1].value, "\"\\n\"");
}

}  // namespace
}  // namespace fresh::compose
