// Each file of tests/compose/invalid breaks one rule. It is refused with place, cause and remedy; the whole
// message is the golden beside it (FRESH_ACCEPT=1 accepts the new text: read the difference).

#include "base/error.h"
#include "base/file.h"
#include "compose/load.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace fresh::compose {
namespace {

using std::filesystem::path;

const path folder = path(FRESH_SOURCE_DIR) / "tests/compose/invalid";

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") {
      result.push_back(entry.path().stem().string());
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

/// A file is read at /p, so that messages name no folder of this machine.
std::optional<std::string> read(const path& file) {
  return base::read_file_if_exists(folder / file.lexically_relative("/p"));
}

class Invalid : public testing::TestWithParam<std::string> {};

TEST_P(Invalid, IsRefusedWithPlaceCauseAndRemedy) {
  const std::string file = GetParam() + ".yaml";
  std::string message;
  try {
    load({.files = {path("/p") / file},
          .project_name = "invalid",
          .environment = {{"HOME", "/home/user"}},
          .shown_below = "/p",
          .read = read});
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::precheck);
    EXPECT_FALSE(error.hint().empty());
    message = error.message() + "\nhint: " + error.hint() + "\n";
  }
  const bool has_place =
      message.find(".yaml:") != std::string::npos || message.find(".env:") != std::string::npos;
  EXPECT_TRUE(has_place) << message;
  EXPECT_TRUE(std::none_of(message.begin(), message.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
  })) << message;
  const path golden = folder / (GetParam() + ".err");
  if (std::getenv("FRESH_ACCEPT") != nullptr) {
    base::write_file_atomic(golden, message);
  }
  EXPECT_EQ(message, base::read_file(golden));
}

INSTANTIATE_TEST_SUITE_P(Files, Invalid, testing::ValuesIn(names()),
                         [](const auto& tested) { return tested.param; });

TEST(InvalidFiles, AreAHundred) {
  EXPECT_GE(names().size(), 100U);
}

}  // namespace
}  // namespace fresh::compose
