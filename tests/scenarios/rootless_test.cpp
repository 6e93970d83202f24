// The embedded engine, as most people meet it: nothing configured, an ordinary user, Podman without root.
#include "scenarios/scenario.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fresh::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* user = "freshtest";

TEST(Rootless, an_ordinary_user_passes_twice_on_the_embedded_engine) {
  Project project(nullptr);
  const fs::path all = project.folder().parent_path();
  project.set_prefix(as_ordinary_user(
      user, {"XDG_DATA_HOME=" + (all / "data").string(), "XDG_CACHE_HOME=" + (all / "cache").string()}));
  project.use_binary(all / "fresh-clone");
  fs::copy_file(FRESH_BINARY, all / "fresh-clone");
  must({"chown", "-R", user, all.string()});

  const auto first = project.run();
  EXPECT_EQ(first.ended.exit_code, 0) << first.ended.err;
  EXPECT_EQ(first.status().value("result", ""), "PASS");
  const auto second = project.run();
  EXPECT_EQ(second.ended.exit_code, 0) << second.ended.err;
  EXPECT_EQ(first.status()["fingerprint"], second.status()["fingerprint"]);

  EXPECT_EQ(project.command({"down", "-v"}).exit_code, 0);
  EXPECT_EQ(project.command({"engine", "stop"}).exit_code, 0);
  EXPECT_TRUE(eventually(
      [] {
        return must({"sh", "-c", std::string("pgrep -u ") + user + " -f 'system service|conmon' || true"})
            .empty();
      },
      std::chrono::seconds(20)))
      << must({"sh", "-c", std::string("pgrep -au ") + user + " || true"});
  // The store goes at once: nothing of it is mounted any more. By root, whose rights reach the files of other
  // users of the user's own namespace.
  must({"rm", "-rf", (all / "data").string(), (all / "cache").string()});
}

}  // namespace
}  // namespace fresh::test
