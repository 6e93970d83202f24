// Pulls from a real registry that asks for a password: by tag and by digest, with the right credentials and
// without.
#include "base/error.h"
#include "base/file.h"
#include "engine/socket_engine.h"
#include "images/provide.h"
#include "source/docker_archive.h"
#include "source/tar_writer.h"
#include "support/local_registry.h"
#include "support/real_engines.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace fresh::test {
namespace {

using images::ImageSpec;
using images::PullPolicy;
using images::PullSource;

constexpr const char* user = LocalRegistry::user;
constexpr const char* password = LocalRegistry::password;

class RegistryPull : public testing::Test {
 protected:
  void SetUp() override {
    engine::Endpoint endpoint;
    endpoint.path = RealEngine::shared().socket();
    engine_ = engine::connect({endpoint, "test", "the test's own"}, call);
    push();
  }
  void TearDown() override {
    if (engine_) {
      engine_->remove_image(image(), true, call);
    }
  }

  static std::string repository() { return "team/tool"; }
  std::string image() const { return fmt::format("{}/{}:1.0", registry_.host(), repository()); }

  /// Puts an image that no other registry has into this one, and takes it away from the engine.
  void push() {
    const base::TemporaryFolder folder;
    source::OutputFile root(folder.path() / "root.tar");
    source::TarWriter tar([&](std::string_view bytes) { root.write(bytes); }, 0);
    tar.file("etc/what", 0644, "an image of the registry test\n");
    tar.finish();
    root.close();
    source::OutputFile archive(folder.path() / "image.tar");
    id_ = source::write_docker_archive(
        {.name = image(), .root = folder.path() / "root.tar", .architecture = "amd64", .command = {"/none"}},
        [&](std::string_view bytes) { archive.write(bytes); });
    archive.close();
    engine_->load_image((folder.path() / "image.tar").string(), call);
    engine_->push_image(
        image(), engine::RegistryAuth{user, password, registry_.host()}, false, [](std::string_view) {},
        call);
    ASSERT_TRUE(engine_->remove_image(image(), true, call));
    ASSERT_FALSE(engine_->find_image(image(), call));
  }

  static PullSource with_password() {
    PullSource pull;
    pull.user_variable = "REGISTRY_USER";
    pull.password_variable = "REGISTRY_PASSWORD";
    pull.verify_tls = false;
    return pull;
  }

  images::ImageRecord provide(const PullSource& pull, const std::string& given_password = password) {
    const base::TemporaryFolder cache;
    images::ProvideOptions options{.project = "registry-test",
                                   .project_folder = cache.path(),
                                   .cache_folder = cache.path(),
                                   .clock = clock_};
    options.variable = [&](const std::string& name) -> std::optional<std::string> {
      return name == "REGISTRY_USER" ? user : given_password;
    };
    return images::provide({{image(), pull, {}}}, *engine_, options).images.at(0);
  }

  std::string refusal(const PullSource& pull, const std::string& given_password = password) {
    try {
      provide(pull, given_password);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::deploy) << error.render();
      return error.render();
    }
    return "accepted";
  }

  LocalRegistry registry_{18555};
  std::unique_ptr<engine::Engine> engine_;
  std::string id_;
  base::SystemClock clock_;
  const engine::Call call{.deadline = std::chrono::seconds(60), .stop = {}};
};

TEST_F(RegistryPull, by_tag_with_the_password) {
  const auto record = provide(with_password());
  EXPECT_EQ(record.id, id_);
  EXPECT_EQ(record.source, "pulled");
  EXPECT_EQ(record.layers.size(), 1U);
  EXPECT_EQ(provide(with_password()).source, "present");
}

TEST_F(RegistryPull, by_digest_with_the_password) {
  PullSource pull = with_password();
  pull.digest = registry_.digest_of(repository(), "1.0");
  const auto record = provide(pull);
  EXPECT_EQ(record.id, id_);
  EXPECT_EQ(record.digest, pull.digest);
  const auto again = provide(pull);
  EXPECT_EQ(again.source, "present");
  EXPECT_EQ(again.digest, pull.digest);
}

TEST_F(RegistryPull, without_credentials_it_is_refused) {
  PullSource pull;
  pull.verify_tls = false;
  EXPECT_NE(refusal(pull).find(image()), std::string::npos) << refusal(pull);
  EXPECT_FALSE(engine_->find_image(image(), call));
}

TEST_F(RegistryPull, with_a_wrong_password_it_is_refused_and_the_password_is_not_shown) {
  const std::string text = refusal(with_password(), "wr0ng-passw0rd");
  EXPECT_NE(text.find(image()), std::string::npos) << text;
  EXPECT_EQ(text.find("wr0ng-passw0rd"), std::string::npos) << text;
  EXPECT_FALSE(engine_->find_image(image(), call));
}

TEST_F(RegistryPull, a_digest_that_the_registry_does_not_have_is_refused) {
  PullSource pull = with_password();
  pull.digest = "sha256:" + std::string(64, '1');
  EXPECT_NE(refusal(pull).find(pull.digest), std::string::npos) << refusal(pull);
  EXPECT_FALSE(engine_->find_image(image(), call));
}

TEST_F(RegistryPull, an_image_of_that_tag_but_another_digest_does_not_count_as_present) {
  provide(with_password());
  PullSource pull = with_password();
  pull.digest = "sha256:" + std::string(64, '1');
  EXPECT_NE(refusal(pull).find(pull.digest), std::string::npos) << refusal(pull);
}

TEST_F(RegistryPull, pull_never_does_not_ask_the_registry) {
  PullSource pull = with_password();
  pull.policy = PullPolicy::never;
  EXPECT_NE(refusal(pull).find("not to be pulled"), std::string::npos) << refusal(pull);
}

}  // namespace
}  // namespace fresh::test
