#include "pipeline/dry_run.h"

#include "base/error.h"
#include "base/file.h"
#include "pipeline/gate.h"
#include "pipeline/stack.h"
#include "support/fake_clock.h"
#include "support/fake_engine.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

class DryRunText : public ::testing::Test {
 protected:
  DryRunText() {
    base::write_file_atomic(folder_.path() / "app/Dockerfile", "FROM localhost/base:1\n");
    base::write_file_atomic(
        folder_.path() / "compose.yaml",
        "services:\n"
        "  db: {image: 'localhost/app:1', networks: [outside]}\n"
        "  web: {image: 'localhost/app:1', depends_on: {db: {condition: service_healthy}}}\n"
        "networks: {outside: {external: true, name: shared}}\n");
    base::write_file_atomic(folder_.path() / "fresh-clone.yaml",
                            "version: 1\nproject: demo\n"
                            "images:\n"
                            "  - {name: 'localhost/base:1', base: {suite: bookworm}}\n"
                            "  - {name: 'localhost/app:1', from: 'localhost/base:1', build: app}\n"
                            "stack: {files: [compose.yaml], health: {db: {timeout: 17s, consecutive: 3}}}\n");
    engine_.create_network({.name = "shared"}, {});
  }
  std::string text(const RunSettings& settings) {
    const Surroundings surroundings{.project_folder = folder_.path()};
    const ProjectSpec project = load_project(folder_.path());
    source::Commit commit;
    commit.sha = std::string(40, 'a');
    return dry_run_text({.settings = settings,
                         .project = project,
                         .commit = commit,
                         .stack = load_stack_model(project, surroundings, 42, {}),
                         .engine = "unix:///x",
                         .cache_folder = folder_.path() / "cache"},
                        engine_, clock_, {});
  }

  base::TemporaryFolder folder_;
  test::FakeEngine engine_;
  test::FakeClock clock_;
};

TEST_F(DryRunText, NamesTheGatesInTheirOrder) {
  const std::string sheet = text({});
  std::size_t last = 0;
  for (const Gate gate : all_gates) {
    const auto found = ("\n" + sheet).find("\n" + std::string(gate_id(gate)));
    ASSERT_NE(found, std::string::npos) << gate_id(gate) << "\n" << sheet;
    EXPECT_GE(found, last) << gate_id(gate) << "\n" << sheet;
    last = found;
  }
}

TEST_F(DryRunText, PlansTheStackWithTheImagesThatAreToComeAndWhatIsExternal) {
  const std::string sheet = text({});
  EXPECT_NE(sheet.find("localhost/app:1: missing"), std::string::npos) << sheet;
  EXPECT_NE(sheet.find("create service:db:1"), std::string::npos) << sheet;
  EXPECT_EQ(sheet.find("network:shared"), std::string::npos) << sheet;
}

TEST_F(DryRunText, TellsOfTheBuildsOfServices) {
  base::write_file_atomic(folder_.path() / "compose.yaml", "services:\n  own: {build: app}\n");
  base::write_file_atomic(folder_.path() / "fresh-clone.yaml",
                          "version: 1\nproject: demo\nstack: {files: [compose.yaml]}\n");
  EXPECT_NE(text({}).find("demo-own: missing"), std::string::npos) << text({});
  EXPECT_NE(text({}).find("create service:own:1"), std::string::npos) << text({});
  engine_.add_image("demo-own", std::string(64, 'b'));
  EXPECT_NE(text({}).find("demo-own: there; built anew where"), std::string::npos) << text({});
}

TEST_F(DryRunText, SaysWhatAHealthGateAsks) {
  EXPECT_NE(text({}).find("service:db:1 must be healthy 3 times in a row within 17s"), std::string::npos)
      << text({});
}

TEST_F(DryRunText, ChangesNothing) {
  engine_.forget_calls();
  text({});
  for (const auto& call : engine_.calls()) {
    EXPECT_TRUE(call.starts_with("list") || call.starts_with("find") || call.starts_with("info")) << call;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "cache"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "exports"));
}

TEST(DryRun, RefusesARunIdThatCannotBe) {
  const base::TemporaryFolder folder;
  const Surroundings surroundings{.project_folder = folder.path()};
  EXPECT_THROW(check_run_id({.run_id = "../x"}, surroundings), base::Error);
  std::filesystem::create_directories(folder.path() / "exports" / "mine");
  EXPECT_THROW(check_run_id({.run_id = "mine"}, surroundings), base::Error);
  EXPECT_NO_THROW(check_run_id({.run_id = "other"}, surroundings));
}

}  // namespace
}  // namespace fresh::pipeline
