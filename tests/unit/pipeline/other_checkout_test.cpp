#include "pipeline/other_checkout.h"

#include "base/error.h"
#include "base/file.h"
#include "engine/labels.h"
#include "pipeline/compose_project.h"
#include "state/run_lock.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

namespace fs = std::filesystem;

engine::Container made_from(const fs::path& folder) {
  engine::Container container;
  container.labels = {{engine::labels::compose_working_dir, folder.string()}};
  return container;
}

class OtherCheckout : public ::testing::Test {
 protected:
  OtherCheckout() {
    fs::create_directories(here_);
    fs::create_directories(there_);
    subscription_ = bus_.listen([this](const base::Event& event) { said_.push_back(event.text); });
    surroundings_.project_folder = here_;
    surroundings_.variables = {{"XDG_DATA_HOME", (folder_.path() / "data").string()}};
  }
  void mind(const fs::path& made) {
    mind_other_checkouts("shop", here_, {made_from(made)}, surroundings_, bus_);
  }

  base::TemporaryFolder folder_;
  fs::path here_ = folder_.path() / "here";
  fs::path there_ = folder_.path() / "there";
  Surroundings surroundings_;
  EventBus bus_;
  EventBus::Subscription subscription_;
  std::vector<std::string> said_;
};

TEST_F(OtherCheckout, IsAFolderThatIsNotThisOneByAnyPath) {
  fs::create_directory_symlink(here_, folder_.path() / "link");
  EXPECT_EQ(other_folders({made_from(here_), made_from(here_ / ""), made_from(folder_.path() / "link"),
                           made_from(there_), made_from(there_), engine::Container{}},
                          here_),
            std::vector<std::string>{there_.string()});
}

TEST_F(OtherCheckout, IsNamedBeforeAnythingIsChanged) {
  mind(here_);
  EXPECT_TRUE(said_.empty());
  mind(there_);
  ASSERT_EQ(said_.size(), 1U);
  EXPECT_NE(said_[0].find("'" + there_.string() + "'"), std::string::npos) << said_[0];
  EXPECT_EQ(said_[0].find("not on this machine"), std::string::npos) << said_[0];
  mind(folder_.path() / "gone");
  ASSERT_EQ(said_.size(), 2U);
  EXPECT_NE(said_[1].find("not on this machine"), std::string::npos) << said_[1];
}

TEST_F(OtherCheckout, ThatIsAtWorkIsNotDisturbed) {
  base::write_file_atomic(there_ / "fresh-clone.yaml", "version: 1\n");
  fs::create_directories(there_ / "compose");
  {
    const state::RunLock lock(there_ / ".fresh-clone", state::this_process("run r7", "now"));
    try {
      mind(there_ / "compose");
      FAIL() << "went on";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::locked);
      EXPECT_NE(error.message().find("run r7"), std::string::npos) << error.message();
      EXPECT_NE(error.message().find(there_.string()), std::string::npos) << error.message();
    }
  }
  EXPECT_NO_THROW(mind(there_ / "compose"));
}

TEST_F(OtherCheckout, WithoutAFileOfOursHasItsLockInTheDataFolder) {
  const state::RunLock lock(state_of_compose_project(surroundings_, "shop", there_),
                            state::this_process("up", "now"));
  EXPECT_THROW(mind(there_), base::Error);
}

}  // namespace
}  // namespace fresh::pipeline
