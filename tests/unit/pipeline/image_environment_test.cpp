#include "pipeline/image_environment.h"

#include "base/error.h"
#include "support/fake_clock.h"
#include "support/fake_engine.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

class ImageEnvironmentTest : public ::testing::Test {
 protected:
  environment::Difference ask(const std::string& out, int exit_code = 0) {
    engine_.add_image("app:1", std::string(64, 'a'));
    engine_.behaviour("demo-environment-r1").out = out;
    engine_.behaviour("demo-environment-r1").exit_code = exit_code;
    environment::Lock lock;
    lock.requirements = {{.name = "numpy", .version = "1.26.4"}, {.name = "six", .version = "1.17.0"}};
    return image_difference({"app:1", "demo", "r1"}, lock, engine_, clock_, {});
  }

  test::FakeEngine engine_;
  test::FakeClock clock_;
};

TEST_F(ImageEnvironmentTest, IsComparedWithTheLock) {
  const auto difference =
      ask(R"({"packages": [["numpy", "1.24.0"], ["pip", "23.0"]], "markers": {"python_version": "3.11"}})");
  EXPECT_EQ(difference.missing, std::vector<std::string>{"six 1.17.0"});
  EXPECT_EQ(difference.other_version, std::vector<std::string>{"numpy 1.24.0 -> 1.26.4"});
  EXPECT_EQ(difference.extra, std::vector<std::string>{"pip 23.0"});
  EXPECT_FALSE(engine_.find_container("demo-environment-r1", {}).has_value());
}

TEST_F(ImageEnvironmentTest, ThatHoldsTheLockDoesNotDiffer) {
  EXPECT_TRUE(ask(R"({"packages": [["numpy", "1.26.4"], ["Six", "1.17.0"]], "markers": {}})").empty());
}

TEST_F(ImageEnvironmentTest, WithoutAPythonIsAnError) {
  EXPECT_THROW(ask("", 127), base::Error);
  EXPECT_THROW(image_difference({"none:1", "demo", "r1"}, {}, engine_, clock_, {}), base::Error);
}

}  // namespace
}  // namespace fresh::pipeline
