#include "base/file.h"
#include "engine/base64.h"
#include "engine/dialect.h"
#include "unit/engine/scripted_engine.h"

namespace fresh::test {
namespace {

using engine::Fault;

const std::string id(64, 'a');
const std::string L = "/v4.0.0/libpod";

class Build : public ScriptedEngine {
 protected:
  Build() {
    request.tags = {"localhost/x:1"};
    request.context_file = (folder.path() / "context.tar").string();
    base::write_file_atomic(request.context_file, "context");
  }
  std::string podman_target() const { return L + "/build" + engine::podman_build_query(request); }
  std::string docker_target() const { return "/v1.41/build" + engine::docker_build_query(request); }
  engine::ImageId build(engine::Engine& engine) {
    return engine.build(
        request, [this](std::string_view line) { log.emplace_back(line); }, call);
  }

  base::TemporaryFolder folder;
  engine::BuildRequest request;
  std::vector<std::string> log;
};

TEST_F(Build, SucceedsOnAnIdAndACompleteAnswer) {
  auto& engine = podman();
  server.on("POST", podman_target(),
            chunked({R"({"stream":"STEP 1/1: FROM x\n"})"
                     "\n"
                     R"({"stream":"out)",
                     R"(put\n"})"
                     "\n",
                     R"({"stream":")" + id +
                         R"(\n"})"
                         "\n"}));
  EXPECT_EQ(build(engine).hex, id);
  EXPECT_EQ(log, (std::vector<std::string>{"STEP 1/1: FROM x", "output"}));
  EXPECT_EQ(server.requests().back().body, "context");
}

TEST_F(Build, LastIdCountsOnDocker) {
  auto& engine = docker();
  server.on("POST", docker_target(),
            chunked({R"({"aux":{"ID":"sha256:)" + std::string(64, 'b') +
                         R"("}})"
                         "\n",
                     R"({"stream":"\u001b[91mred\u001b[0m\n"})"
                     "\n",
                     R"({"aux":{"ID":"sha256:)" + id +
                         R"("}})"
                         "\n"}));
  EXPECT_EQ(build(engine).hex, id);
  EXPECT_EQ(log, std::vector<std::string>{"red"});
}

TEST_F(Build, ErrorInsideA200NamesStepAndStatus) {
  auto& engine = podman();
  server.on(
      "POST", podman_target(),
      chunked(
          {R"({"stream":"STEP 2/3: RUN false\n"})"
           "\n"
           R"({"stream":"last words\n"})"
           "\n",
           R"({"stream":")" + id +
               R"(\n"})"
               "\n",
           R"({"errorDetail":{"message":"building at STEP \"RUN false\": while running runtime: exit status 7\n"},"error":"x"})"}));
  const auto error = error_of([&] { build(engine); });
  EXPECT_EQ(error.code(), base::ExitCode::deploy);
  EXPECT_NE(error.message().find("'STEP 2/3: RUN false'"), std::string::npos) << error.message();
  EXPECT_NE(error.message().find("exit status 7"), std::string::npos) << error.message();
  EXPECT_EQ(log.back(), "last words");
}

TEST_F(Build, WithoutAnIdOrItsEndIsNoSuccess) {
  auto& engine = podman();
  server.on("POST", podman_target(), chunked({R"({"stream":"STEP 1/1: FROM x\n"})"}));
  EXPECT_EQ(error_of([&] { build(engine); }).fault(), Fault::cut);
  server.on("POST", podman_target(),
            cut({R"({"stream":")" + id +
                 R"(\n"})"
                 "\n"}));
  EXPECT_EQ(error_of([&] { build(engine); }).fault(), Fault::cut);
  server.on("POST", podman_target(), chunked({R"({"stream":"half a fra)"}));
  EXPECT_EQ(error_of([&] { build(engine); }).fault(), Fault::cut);
  server.on("POST", podman_target(), answer(500, "<html><body>Bad Gateway</body></html>"));
  EXPECT_NE(error_of([&] { build(engine); }).message().find("Bad Gateway"), std::string::npos);
}

TEST_F(Build, FullDiskIsSaid) {
  auto& engine = docker();
  server.on("POST", docker_target(),
            chunked({R"({"errorDetail":{"message":"write /x: no space left on device"},"error":"e"})"}));
  const auto error = error_of([&] { build(engine); });
  EXPECT_EQ(error.fault(), Fault::no_space);
  EXPECT_FALSE(error.hint().empty());
}

TEST_F(Build, NetworkIsOffUnlessWanted) {
  EXPECT_NE(podman_target().find("networkmode=NetworkDisabled"), std::string::npos);
  EXPECT_NE(podman_target().find("nsoptions="), std::string::npos);
  EXPECT_NE(docker_target().find("networkmode=none"), std::string::npos);
  request.network = true;
  EXPECT_NE(podman_target().find("networkmode=NetworkEnabled"), std::string::npos);
  EXPECT_NE(docker_target().find("networkmode=default"), std::string::npos);
}

TEST_F(ScriptedEngine, PullOnPodman) {
  auto& engine = podman();
  const std::string target = L + "/images/pull?reference=h.example%2Fx%3A1&policy=always";
  server.on("POST", target,
            chunked({R"({"stream":"Trying"})"
                     "\n"
                     R"({"images":[")" +
                     id + R"("],"id":")" + id + R"("})"}));
  EXPECT_EQ(
      engine.pull({.reference = "h.example/x:1", .auth = {{"bob", "s3cret", "h.example"}}}, {}, call).hex,
      id);
  EXPECT_EQ(server.requests().back().headers.at("x-registry-auth"),
            engine::base64_url(R"({"password":"s3cret","serveraddress":"h.example","username":"bob"})"));
  server.on("POST", target, chunked({R"({"error":"unauthorized: authentication required"})"}));
  EXPECT_EQ(error_of([&] { engine.pull({.reference = "h.example/x:1"}, {}, call); }).fault(),
            Fault::unauthorized);
  server.on("POST", target, chunked({R"({"stream":"Trying"})"}));
  EXPECT_EQ(error_of([&] { engine.pull({.reference = "h.example/x:1"}, {}, call); }).fault(), Fault::cut);
}

TEST_F(ScriptedEngine, PullOnDocker) {
  auto& engine = docker();
  const std::string target = "/v1.41/images/create?fromImage=h%2Fx&tag=1";
  const std::string done = R"({"status":"Status: Downloaded newer image for h/x:1"})";
  server.on("POST", target,
            chunked({R"({"status":"Downloading","progressDetail":{"current":1},"id":"l"})"
                     "\n",
                     done}));
  server.on("GET", "/v1.41/images/h/x:1/json", answer(200, R"({"Id":"sha256:)" + id + R"("})"));
  EXPECT_EQ(engine.pull({.reference = "h/x:1"}, {}, call).hex, id);
  server.on("POST", target,
            chunked({done + "\n", R"({"errorDetail":{"message":"no matching manifest"},"error":"e"})"}));
  EXPECT_EQ(error_of([&] { engine.pull({.reference = "h/x:1"}, {}, call); }).fault(), Fault::not_found);
  server.on("POST", target, answer(404, R"({"message":"manifest for h/x:1 not found: manifest unknown"})"));
  EXPECT_EQ(error_of([&] { engine.pull({.reference = "h/x:1"}, {}, call); }).fault(), Fault::not_found);
}

TEST_F(ScriptedEngine, LoadNeedsANameAndNoError) {
  const base::TemporaryFolder folder;
  const auto file = (folder.path() / "i.tar").string();
  base::write_file_atomic(file, "tar");
  auto& engine = docker();
  const std::string target = "/v1.41/images/load?quiet=1";
  server.on("POST", target, chunked({R"({"stream":"Loaded image: localhost/x:1\n"})"}));
  EXPECT_EQ(engine.load_image(file, call), std::vector<std::string>{"localhost/x:1"});
  server.on("POST", target, chunked({R"({"errorDetail":{"message":"no such file"},"error":"e"})"}));
  EXPECT_THROW(engine.load_image(file, call), engine::EngineError);
  server.on("POST", target, chunked({R"({"stream":"\n"})"}));
  EXPECT_EQ(error_of([&] { engine.load_image(file, call); }).fault(), Fault::cut);
}

TEST(References, TagsAreSplitOff) {
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(engine::split_tag("h:5000/a/b:t"), Pair("h:5000/a/b", "t"));
  EXPECT_EQ(engine::split_tag("h:5000/a/b"), Pair("h:5000/a/b", "latest"));
  EXPECT_EQ(engine::split_tag("a@sha256:1"), Pair("a@sha256:1", ""));
}

}  // namespace
}  // namespace fresh::test
