#include "images/dockerfile_use.h"

#include <gtest/gtest.h>

namespace fresh::images {
namespace {

std::vector<std::string> named(const std::vector<OutsideUse>& uses) {
  std::vector<std::string> names;
  for (const auto& use : uses) {
    names.push_back(use.name + " " + std::to_string(use.line));
  }
  return names;
}

std::vector<std::string> images(const std::string& text,
                                const std::map<std::string, std::string>& arguments = {}) {
  return named(dockerfile_use(text, arguments).images);
}

using Names = std::vector<std::string>;

TEST(DockerfileUse, images_from_outside_are_named_once) {
  EXPECT_EQ(images("# a comment\nFROM --platform=linux/amd64 h/base:1 AS Build\nFROM build AS more\n"
                   "COPY --from=0 a b\nCOPY --from=BUILD a b\nCOPY --from=h/tools:2 a b\nFROM scratch\n"
                   "RUN --mount=type=bind,from=h/more:3,target=/x true\nFROM h/base:1\n"),
            (Names{"h/base:1 2", "h/tools:2 6", "h/more:3 8"}));
}

TEST(DockerfileUse, from_is_read_with_the_arguments) {
  const std::string text =
      "ARG HOST=h.example\nARG TAG\nFROM ${HOST}/base:${TAG:-1}\nFROM $HOST/x${TAG:+-}$TAG\n";
  EXPECT_EQ(images(text), (Names{"h.example/base:1 3"}));
  EXPECT_EQ(images(text, {{"TAG", "2"}, {"HOST", "g"}}), (Names{"g/base:2 3", "g/x-2 4"}));
  EXPECT_EQ(images("FROM a\nARG B=c\nFROM $B\nFROM ${B\n"), Names{"a 1"});
}

TEST(DockerfileUse, secrets_and_ssh_are_found_by_their_ids) {
  const auto use = dockerfile_use(
      "FROM a\nRUN --mount=type=secret,id=token --mount=type=ssh cat /run/secrets/token\n"
      "RUN --mount=type=secret,target=/root/.netrc \\\n  true\nRUN echo --mount=type=secret,id=no\n",
      {});
  EXPECT_EQ(named(use.secrets), (Names{"token 2", ".netrc 3"}));
  EXPECT_EQ(named(use.ssh), Names{"default 2"});
}

}  // namespace
}  // namespace fresh::images
