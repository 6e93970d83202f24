// Two folders with one project name on one engine.
#include "scenarios/compose_stack.h"

#include <csignal>

namespace fresh::test {
namespace {

class TwoCheckouts : public ComposeStack {
 protected:
  TwoCheckouts()
      : other(&engine(),
              [](const std::filesystem::path& folder) { std::filesystem::create_directories(folder); }) {}
  void SetUp() override {
    ComposeStack::SetUp();
    stack("services:\n  db: {<<: *base}\n");
    other.write("compose.yaml", base::read_file(project.folder() / "compose.yaml"));
    // One user has one data folder, where such projects have their locks.
    for (Project* one : {&project, &other}) {
      one->set_variable("XDG_DATA_HOME", (project.folder() / "data").string());
    }
  }

  Project other;
};

TEST_F(TwoCheckouts, the_other_folder_is_named_before_anything_is_changed) {
  EXPECT_FALSE(says(expect(0, {"up"}).err, "another folder"));
  EXPECT_FALSE(says(expect(0, {"up"}).err, "another folder"));
  const auto before = ids();
  const std::string named = "another folder, '" + project.folder().string() + "'";
  EXPECT_TRUE(says(other.command({"plan"}).out, named));
  EXPECT_TRUE(says(other.command({"up"}).err, named));
  EXPECT_EQ(ids(), before);
  const auto down = other.command({"down"});
  EXPECT_EQ(down.exit_code, 0);
  EXPECT_TRUE(says(down.err, named));
  EXPECT_EQ(state_of("shop-db-1"), "missing");
  // Who names the project and no files means the project wherever it came from.
  expect(0, {"up"});
  other.remove("compose.yaml");
  EXPECT_FALSE(says(other.command({"-p", "shop", "down"}).err, "another folder"));
}

TEST_F(TwoCheckouts, what_the_other_one_is_doing_is_not_disturbed) {
  stack("services:\n  db: {<<: *base, healthcheck: {test: [CMD, 'false'], interval: 1s, retries: 600}}\n");
  const auto program = project.start({"up"});
  ASSERT_TRUE(eventually([this] { return state_of("shop-db-1") == "running"; }, std::chrono::seconds(30)));
  const auto before = ids();
  for (const char* verb : {"up", "down"}) {
    const auto refused = other.command({verb});
    EXPECT_EQ(refused.exit_code, 75) << refused.err;
    EXPECT_TRUE(says(refused.err, project.folder().string()));
  }
  EXPECT_EQ(ids(), before);
  program->signal(SIGINT);
  EXPECT_EQ(program->wait(std::chrono::seconds(30)).exit_code, 130);
}

}  // namespace
}  // namespace fresh::test
