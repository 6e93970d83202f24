#include "scenarios/compose_stack.h"

#include <nlohmann/json.hpp>

namespace fresh::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* image = "localhost/fresh-scenario-busybox";
/// {"label":["com.docker.compose.project=shop"]}
constexpr const char* of_shop =
    "/containers/json?all=1&filters=%7B%22label%22%3A%5B%22com.docker.compose.project%3Dshop%22%5D%7D";

bool has_image(const RealEngine& engine) {
  for (const auto& one : engine_get(engine, "/images/json")) {
    for (const auto& tag : one["RepoTags"].is_array() ? one["RepoTags"] : nlohmann::json::array()) {
      if (tag == std::string(image) + ":latest") {
        return true;
      }
    }
  }
  return false;
}

/// Busybox under the names of its tools, imported as one layer.
void make_image(const RealEngine& engine) {
  const base::TemporaryFolder folder;
  must({"sh", "-ec",
        "mkdir -p root/bin root/etc root/tmp && cp /bin/busybox root/busybox && "
        "for tool in sh cat echo sleep true false test kill ls env touch id head stat; do ln -s /busybox "
        "root/bin/$tool; done && "
        "echo 'root:x:0:0::/:/bin/sh' > root/etc/passwd && tar -C root -cf root.tar ."},
       folder.path());
  must({"curl", "-sSf", "--unix-socket", engine.socket().string(), "-X", "POST", "-H",
        "Content-Type: application/x-tar", "--data-binary", "@root.tar",
        std::string("http://d/v1.41/images/create?fromSrc=-&tag=latest&repo=") + image},
       folder.path());
}

}  // namespace

void expect_G4_failed(const RunOutcome& outcome, const std::vector<std::string>& reason,
                      const std::string& hint) {
  EXPECT_EQ(outcome.ended.exit_code, 30) << outcome.ended.err;
  const auto gate = outcome.gate("G4_BUILD");
  EXPECT_EQ(gate["result"], "failed");
  for (const auto& words : reason) {
    EXPECT_TRUE(says(gate["reason"], words));
  }
  EXPECT_TRUE(says(gate["remediation"], hint));
}

::testing::AssertionResult says(const std::string& text, const std::string& words) {
  const bool found = text.find(words) != std::string::npos;
  return (found ? ::testing::AssertionSuccess() : ::testing::AssertionFailure())
         << "'" << words << "' is " << (found ? "" : "not ") << "in: " << text;
}

ComposeStack::ComposeStack() : Scenario([](const fs::path& folder) { fs::create_directories(folder); }) {}

void ComposeStack::SetUp() {
  Scenario::SetUp();
  if (!has_image(engine())) {
    make_image(engine());
  }
  ASSERT_TRUE(has_image(engine()));
}

void ComposeStack::stack(const std::string& text) const {
  project.write("compose.yaml", std::string("name: shop\nx-base: &base\n  image: ") + image +
                                    "\n  command: [sleep, '600']\n  stop_signal: SIGKILL\n" + text);
}

Ended ComposeStack::expect(int code, const std::vector<std::string>& arguments) {
  auto ended = project.command(arguments);
  EXPECT_EQ(ended.exit_code, code) << arguments.front() << ": " << ended.out << ended.err;
  return ended;
}

std::map<std::string, std::string> ComposeStack::ids() const {
  std::map<std::string, std::string> result;
  for (const auto& container : engine_get(engine(), of_shop)) {
    result[container["Names"][0].get<std::string>().substr(1)] = container["Id"];
  }
  return result;
}

std::string ComposeStack::state_of(const std::string& wanted) const {
  for (const auto& container : engine_get(engine(), of_shop)) {
    if (container["Names"][0] == "/" + wanted) {
      return container["State"];
    }
  }
  return "missing";
}

}  // namespace fresh::test
