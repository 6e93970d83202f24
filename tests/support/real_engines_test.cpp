// The engines of the tests are themselves tested: they answer, are apart from the machine, and leave nothing.
#include "support/real_engines.h"

#include "base/file.h"
#include "base/process.h"

#include <gtest/gtest.h>

namespace fresh::test {
namespace {

namespace fs = std::filesystem;

int exit_code(const std::vector<std::string>& command) {
  return base::run_command({.argv = command, .deadline = std::chrono::seconds(20)}, {}).exit_code;
}

TEST(RealEngine, answers_and_is_of_the_kind_that_was_asked_for) {
  const RealEngine& engine = RealEngine::shared();
  const auto ping = base::run_command(
      {.argv = {"curl", "-sSi", "--unix-socket", engine.socket().string(), "http://d/_ping"},
       .deadline = std::chrono::seconds(20)},
      {});
  EXPECT_EQ(ping.out.find("Libpod-Api-Version") != std::string::npos, engine.kind() == "podman")
      << ping.out << ping.err;
  EXPECT_NE(ping.out.find("200 OK"), std::string::npos) << ping.out << ping.err;
}

TEST(RealEngine, a_closed_one_has_no_way_out_and_leaves_nothing) {
  const base::TemporaryFolder folder;
  const fs::path place = folder.path() / "closed";
  std::string network_namespace;
  {
    const RealEngine engine(RealEngine::shared().kind(), place, true);
    EXPECT_NE(exit_code(engine.inside({"ip", "-4", "route", "get", "192.0.2.1"})), 0);
    EXPECT_EQ(exit_code(RealEngine::shared().inside({"ip", "-4", "route", "get", "192.0.2.1"})), 0);
    network_namespace = base::read_file(place / "netns");
    network_namespace.pop_back();
    EXPECT_TRUE(fs::exists("/run/netns/" + network_namespace));
  }
  EXPECT_FALSE(fs::exists(place));
  EXPECT_FALSE(fs::exists("/run/netns/" + network_namespace));
}

}  // namespace
}  // namespace fresh::test
