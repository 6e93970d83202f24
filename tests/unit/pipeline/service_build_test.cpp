#include "pipeline/service_build.h"

#include "base/error.h"
#include "base/file.h"
#include "engine/labels.h"
#include "support/fake_clock.h"
#include "support/fake_engine.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

class ServiceBuilds : public testing::Test {
 protected:
  ServiceBuilds() {
    stack_.name = "shop";
    web().name = "web";
    web().image = "shop-web";
    web().build = compose::Build{};
    web().build->context = folder_.path() / "web";
    write("web/Dockerfile", "ARG TAG=1\nFROM h.example/base:$TAG\n");
    engine_.add_image("h.example/base:1", std::string(64, 'a'));
  }
  compose::Service& web() { return stack_.services["web"]; }
  void write(const std::string& path, const std::string& text) const {
    base::write_file_atomic(folder_.path() / path, text);
  }
  ServiceBuildOptions options() const {
    return {.leave_out = {folder_.path() / "web/.fresh-clone"}, .clock = clock_};
  }
  images::ImageRecord provide() { return provide_service_image(stack_, web(), options(), engine_); }
  engine::BuildRequest built() {
    build_service_image(stack_, web(), options(), engine_);
    return engine_.builds().back();
  }

  base::TemporaryFolder folder_;
  test::FakeClock clock_;
  test::FakeEngine engine_;
  compose::Project stack_;
};

TEST_F(ServiceBuilds, AskForAllThatIsWritten) {
  auto& build = *web().build;
  build.target = "t";
  build.arguments = {{"A", "b"}};
  build.labels = {{"org.example", "x"}};
  build.tags = {"shop/web:2"};
  build.network = "host";
  build.no_cache = true;
  build.pull = true;
  build.platforms = {"linux/amd64"};
  build.extra_hosts = {"h:1.2.3.4"};
  build.shm_size = 4096;
  build.ulimits = {{"nofile", {1, 2}}};
  const auto request = built();
  EXPECT_EQ(request.tags, (std::vector<std::string>{"shop-web", "shop/web:2"}));
  EXPECT_EQ(request.target, "t");
  EXPECT_EQ(request.arguments.at("A"), "b");
  EXPECT_EQ(request.labels.at("org.example"), "x");
  EXPECT_EQ(request.labels.at(engine::labels::compose_service), "web");
  EXPECT_TRUE(request.network);
  EXPECT_EQ(request.network_name, "host");
  EXPECT_FALSE(request.cache);
  EXPECT_TRUE(request.pull);
  EXPECT_EQ(request.platform, "linux/amd64");
  EXPECT_EQ(request.extra_hosts, std::vector<std::string>{"h:1.2.3.4"});
  EXPECT_EQ(request.shm_size, 4096);
  EXPECT_EQ(request.ulimits.at("nofile").hard, 2);
  EXPECT_EQ(request.bases, std::vector<std::string>{"h.example/base:1"});
  build = {.context = build.context, .network = "none", .platforms = {"linux/amd64", "linux/arm64"}};
  const auto plain = built();
  EXPECT_FALSE(plain.network);
  EXPECT_EQ(plain.network_name, "");
  EXPECT_EQ(plain.platform, "");
  EXPECT_TRUE(plain.cache);
  EXPECT_EQ(plain.bases, std::vector<std::string>{});
}

TEST_F(ServiceBuilds, AreMadeAnewOnlyWhenWhatGoesInHasChanged) {
  const auto first = provide();
  EXPECT_EQ(first.source, "built");
  EXPECT_EQ(engine_.builds().size(), 1U);
  EXPECT_FALSE(engine_.builds().back().cache);
  EXPECT_EQ(engine_.builds().back().timestamp, 0);
  EXPECT_EQ(provide().id, first.id);
  write("web/.fresh-clone/credentials/key", "not part of it");
  EXPECT_EQ(provide().id, first.id);
  EXPECT_EQ(engine_.builds().size(), 1U);
  std::string last = first.inputs_key;
  const auto expect_new = [&](const char* what) {
    const auto key = provide().inputs_key;
    EXPECT_NE(key, last) << what;
    EXPECT_EQ(provide().inputs_key, key) << what;
    last = key;
  };
  write("web/file", "new");
  expect_new("a file");
  web().build->arguments["A"] = "b";
  expect_new("an argument");
  engine_.add_image("h.example/base:1", std::string(64, 'c'));
  expect_new("the base image");
  web().build->network = "none";
  expect_new("the network");
  web().build->dockerfile_inline = "FROM h.example/base:1\n";
  expect_new("the Dockerfile");
}

TEST_F(ServiceBuilds, OfAnotherHandAreNotBelieved) {
  engine_.add_image("shop-web", std::string(64, 'd'));
  EXPECT_NE(provide().id, std::string(64, 'd'));
}

TEST_F(ServiceBuilds, BasesThatAreMissingArePulledFirst) {
  web().build->arguments["TAG"] = "2";
  const auto key = provide().inputs_key;
  const auto calls = engine_.calls();
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "pull h.example/base:2"), 1);
  EXPECT_EQ(provide().inputs_key, key);
}

TEST_F(ServiceBuilds, ContextsBecomeImagesThatGoAgain) {
  write("assets/logo", "x");
  write("web/Dockerfile", "FROM h.example/base:1\nCOPY --from=assets logo /\nCOPY --from=other x /\n");
  web().build->additional_contexts = {{"assets", (folder_.path() / "assets").string()},
                                      {"other", "docker-image://h.example/base:1"},
                                      {"unused", "https://example.org"}};
  const auto request = built();
  EXPECT_EQ(request.dockerfile, "fresh-clone.dockerfile");
  ASSERT_EQ(engine_.builds().size(), 2U);
  EXPECT_EQ(engine_.builds().front().tags, std::vector<std::string>{});
  const auto last = engine_.calls().back();
  EXPECT_TRUE(last.starts_with("remove image ")) << last;
  web().build->additional_contexts["other"] = "service:gone";
  EXPECT_THROW(built(), base::Error);
}

TEST_F(ServiceBuilds, SecretsGoAlongAndWhatIsMissingIsSaid) {
  web().build->secrets = {{.source = "token", .id = "t"}};
  stack_.secrets["token"] = {.key = "token", .name = "shop_token", .bytes = "s3cret"};
  const auto request = built();
  ASSERT_EQ(request.secrets.size(), 1U);
  EXPECT_EQ(request.secrets[0].id, "t");
  const auto key = provide().inputs_key;
  stack_.secrets["token"].bytes = "other";
  EXPECT_EQ(provide().inputs_key, key);
  stack_.secrets["token"].missing = "the file 'x' does not exist";
  EXPECT_THROW(built(), base::Error);
}

TEST(OpenBuild, HasANetwork) {
  compose::Service service;
  EXPECT_FALSE(has_open_build(service));
  service.build = compose::Build{};
  EXPECT_TRUE(has_open_build(service));
  service.build->network = "none";
  EXPECT_FALSE(has_open_build(service));
}

}  // namespace
}  // namespace fresh::pipeline
