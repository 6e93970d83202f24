#include "base/file.h"
#include "engines/engine/fixture.h"
#include "source/tar_writer.h"

#include <fstream>

namespace fresh::test {
namespace {

using engine::BuildRequest;
using engine::EngineError;
using engine::Fault;

/// A build context of a Dockerfile alone.
std::string context(const base::TemporaryFolder& folder, const std::string& dockerfile) {
  const auto path = folder.path() / "context.tar";
  base::write_file_atomic(path, tar_of("Dockerfile", dockerfile));
  return path.string();
}

TEST_F(EngineTest, LoadedImageSaysWhatItIs) {
  const auto found = engine().find_image(image, call);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id.hex.size(), 64U);
  EXPECT_EQ(found->architecture, "amd64");
  EXPECT_EQ(found->layers.size(), 1U);
  EXPECT_NE(std::find(found->tags.begin(), found->tags.end(), image), found->tags.end());
  EXPECT_EQ(engine().find_image(found->id.hex, call)->id, found->id);
}

TEST_F(EngineTest, BuildsWithoutANetwork) {
  const base::TemporaryFolder folder;
  std::string log;
  const auto tag = "localhost/" + name("image") + ":1";
  const auto id = engine().build(
      {.tags = {tag},
       .arguments = {{"WORD", "given"}},
       .labels = labels(),
       .timestamp = 0,
       .context_file = context(folder, std::string("FROM ") + image +
                                           "\nARG WORD\nUSER 1000\nEXPOSE 8080\nENV KIND=$WORD\n"
                                           "RUN echo word $WORD; test \"$(ls /sys/class/net)\" = lo\n")},
      [&](std::string_view line) { log += std::string(line) + "\n"; }, {std::chrono::minutes(2), {}});
  EXPECT_NE(log.find("word given"), std::string::npos) << log;
  const auto built = engine().find_image(tag, call);
  ASSERT_TRUE(built);
  EXPECT_EQ(built->id, id);
  EXPECT_EQ(built->user, "1000");
  EXPECT_EQ(built->labels.at("fresh.test"), name("x"));
  EXPECT_EQ(built->exposed_ports, std::vector<std::string>{"8080/tcp"});
  EXPECT_NE(std::find(built->environment.begin(), built->environment.end(), "KIND=given"),
            built->environment.end());
  EXPECT_EQ(engine().list_images(labels(), call).size(), 1U);
  engine().tag_image(tag, "localhost/" + name("image") + ":2", call);
  EXPECT_TRUE(engine().remove_image("localhost/" + name("image") + ":2", false, call));
  EXPECT_TRUE(engine().remove_image(tag, true, call));
  EXPECT_FALSE(engine().find_image(tag, call));
}

TEST_F(EngineTest, FailingBuildNamesStepAndStatusAndLeavesNothing) {
  const base::TemporaryFolder folder;
  const auto containers = engine().list_containers({}, call).size();
  std::string log;
  try {
    engine().build(
        {.tags = {"localhost/" + name("image") + ":1"},
         .context_file = context(folder, std::string("FROM ") + image + "\nRUN echo before; exit 9\n")},
        [&](std::string_view line) { log += std::string(line) + "\n"; }, {std::chrono::minutes(2), {}});
    FAIL() << "a failing build succeeded";
  } catch (const EngineError& error) {
    EXPECT_NE(error.message().find("exit status 9"), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("RUN echo before"), std::string::npos) << error.message();
  }
  EXPECT_NE(log.find("before\n"), std::string::npos) << log;
  EXPECT_EQ(engine().list_containers({}, call).size(), containers);
}

TEST_F(EngineTest, BuildOfABrokenDockerfileFails) {
  const base::TemporaryFolder folder;
  EXPECT_THROW(engine().build({.tags = {}, .context_file = context(folder, "FRUM nothing\n")}, {}, call),
               EngineError);
  EXPECT_THROW(
      engine().build({.tags = {}, .dockerfile = "Missing", .context_file = context(folder, "FROM x\n")}, {},
                     call),
      EngineError);
}

TEST_F(EngineTest, PullThatCannotWorkFails) {
  EXPECT_THROW(engine().pull({.reference = "localhost:1/nothing:1", .verify_tls = false}, {}, call),
               EngineError);
}

TEST_F(EngineTest, SavedImageLoadsWithItsId) {
  const base::TemporaryFolder folder;
  const auto before = engine().find_image(image, call);
  {
    std::ofstream file(folder.path() / "saved.tar", std::ios::binary);
    engine().save_image(
        image, [&](std::string_view bytes) { file << bytes; }, call);
  }
  EXPECT_EQ(engine().load_image((folder.path() / "saved.tar").string(), call),
            std::vector<std::string>{image});
  EXPECT_EQ(engine().find_image(image, call)->id, before->id);
  base::write_file_atomic(folder.path() / "broken.tar", "this is no archive");
  EXPECT_THROW(engine().load_image((folder.path() / "broken.tar").string(), call), EngineError);
}

}  // namespace
}  // namespace fresh::test
