#include "images/dockerfile.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace fresh::images {
namespace {

std::string verdict(const std::string& text) {
  try {
    check_dockerfile(text, "images/x/Dockerfile", "localhost/base:1");
  } catch (const base::Error& error) {
    return error.message();
  }
  return "fine";
}

TEST(Dockerfile, the_declared_image_and_its_stages_are_fine) {
  EXPECT_EQ(verdict("# syntax\nFROM localhost/base:1 AS Build\nRUN a \\\n  # comment\n  HEALTHCHECK\n"
                    "from --platform=linux/amd64 build\nCOPY --from=0 a b\nCOPY --from=build a b\nFROM "
                    "scratch\nADD x y\n"),
            "fine");
}

TEST(Dockerfile, what_would_leave_the_locked_inputs_is_refused_at_its_line) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"FROM debian:12\n", "Dockerfile:1:1"},
      {"ARG A=localhost/base:1\nFROM $A\n", "Dockerfile:2:1"},
      {"FROM localhost/base:1\nFROM later\nFROM localhost/base:1 AS later\n", "Dockerfile:2:1"},
      {"FROM localhost/base:1\nCOPY --from=docker.io/x:1 a b\n", "Dockerfile:2:1"},
      {"FROM localhost/base:1\nADD \\\n  https://example.org/x /x\n", "Dockerfile:2:1"},
      {"FROM localhost/base:1\n\nhealthcheck CMD true\n", "Dockerfile:3:1"},
      {"# nothing\n", "no FROM"},
      {"FROM\n", "names no image"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_NE(verdict(text).find(expected), std::string::npos) << text << "\n" << verdict(text);
  }
}

}  // namespace
}  // namespace fresh::images
