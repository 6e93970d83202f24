// Real Python environments: uv and venv against the package index, conda as a program that records what it is
// asked.
#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "environment/run.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace fresh::environment {
namespace {

namespace fs = std::filesystem;

const std::string six =
    "six==1.17.0 \\\n"
    "    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274 \\\n"
    "    --hash=sha256:ff70335d468e7eb6ec65b95b99d3a2836546063f63acc5171de367e834932a81\n";
const std::string six_of_another_hash = "six==1.17.0 --hash=sha256:" + std::string(64, '0') + "\n";
const std::string older_six =
    "six==1.16.0 --hash=sha256:8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254\n";

/// PATH with one folder before the rest, for the time of a test.
class Path {
 public:
  explicit Path(const std::string& first) : before_(std::getenv("PATH")) {
    ::setenv("PATH", (first + ":" + before_).c_str(), 1);
  }
  Path(const Path&) = delete;
  Path& operator=(const Path&) = delete;
  ~Path() { ::setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

/// uv, installed once for all tests of this program by pip.
const std::string& uv_folder() {
  static const base::TemporaryFolder folder("fc-uv");
  static const std::string bin = [] {
    const std::string venv = (folder.path() / "venv").string();
    const auto run = [](std::vector<std::string> argv) {
      const auto result = base::run_command({.argv = std::move(argv),
                                             .environment = {{"PIP_FIND_LINKS", ""}},
                                             .deadline = std::chrono::minutes(5)},
                                            {});
      EXPECT_EQ(result.exit_code, 0) << result.err << "\napt-get install python3-venv";
    };
    run({"python3", "-m", "venv", venv});
    run({venv + "/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "uv==0.13.8"});
    const fs::path only_uv = folder.path() / "bin";
    fs::create_directories(only_uv);
    fs::create_symlink(venv + "/bin/uv", only_uv / "uv");
    return only_uv.string();
  }();
  return bin;
}

class RealEnvironment : public ::testing::Test {
 protected:
  void lock(const std::string& text, const std::string& name = "requirements.lock") {
    base::write_file_atomic(project() / name, text);
  }

  EnvironmentReport ensured(const EnvironmentSpec& spec) {
    return ensure(spec, project(), observe_tools(spec), base::ignore_event, clock_, {});
  }

  std::string refusal(const EnvironmentSpec& spec) {
    try {
      ensured(spec);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::precheck);
      EXPECT_FALSE(error.hint().empty()) << error.message();
      return error.render();
    }
    return "accepted";
  }

  std::string version_of_six(const EnvironmentReport& report) {
    const auto result = base::run_command(
        {.argv = {report.python.string(), "-I", "-c", "import six; print(six.__version__)"}}, {});
    return result.out.substr(0, result.out.find('\n'));
  }

  /// The same life for every provider that installs from a requirements lock.
  void live(const EnvironmentSpec& spec) {
    lock(older_six);
    const EnvironmentReport older = ensured(spec);
    EXPECT_TRUE(older.changed);
    EXPECT_EQ(version_of_six(older), "1.16.0");

    lock(six);
    const EnvironmentReport made = ensured(spec);
    EXPECT_EQ(made.provider, spec.provider);
    EXPECT_TRUE(made.changed);
    EXPECT_EQ(made.packages, 1U);
    EXPECT_NE(made.fingerprint, older.fingerprint);
    EXPECT_EQ(version_of_six(made), "1.17.0");
    EXPECT_FALSE(ensured(spec).changed) << "a second time changes nothing";

    // An extra package, as somebody's `pip install` would leave it, is noticed and gone.
    const auto packages =
        base::run_command({.argv = {made.python.string(), "-I", "-c",
                                    "import sysconfig; print(sysconfig.get_path('purelib'))"}},
                          {});
    const fs::path extra =
        fs::path(packages.out.substr(0, packages.out.find('\n'))) / "stranger-1.0.dist-info";
    base::write_file_atomic(extra / "METADATA", "Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n");
    const EnvironmentReport mended = ensured(spec);
    EXPECT_TRUE(mended.changed);
    EXPECT_FALSE(fs::exists(extra));
    ASSERT_FALSE(mended.notes.empty());
    EXPECT_NE(mended.notes.front().find("extra: stranger 1.0"), std::string::npos) << mended.notes.front();

    lock(six_of_another_hash);
    fs::remove_all(made.folder);
    EXPECT_NE(refusal(spec).find("find out why, then lock anew"), std::string::npos) << refusal(spec);
  }

  const fs::path& project() const { return folder_.path(); }

  base::TemporaryFolder folder_{"fc-environment"};
  base::SystemClock clock_;
};

TEST_F(RealEnvironment, VenvIsMadeEqualToItsLock) {
  live({.provider = Provider::venv});
}

TEST_F(RealEnvironment, UvIsMadeEqualToItsLock) {
  const Path path(uv_folder());
  live({.provider = Provider::uv});
}

TEST_F(RealEnvironment, UvRefusesAUvLockThatNoLongerFits) {
  const Path path(uv_folder());
  const EnvironmentSpec spec{.provider = Provider::uv, .locks = {{Provider::uv, "uv.lock"}}};
  const std::string head =
      "[project]\nname = \"demo\"\nversion = \"1\"\nrequires-python = \">=3.9\"\ndependencies = [";
  lock(head + "\"six==1.17.0\"]\n", "pyproject.toml");
  const auto locked = base::run_command({.argv = {"uv", "lock", "--quiet"}, .folder = project()}, {});
  ASSERT_EQ(locked.exit_code, 0) << locked.err;
  EXPECT_EQ(version_of_six(ensured(spec)), "1.17.0");
  lock(head + "\"six==1.16.0\"]\n", "pyproject.toml");
  EXPECT_NE(refusal(spec).find("run 'uv lock'"), std::string::npos) << refusal(spec);
}

TEST_F(RealEnvironment, AMissingUvIsAnErrorUnlessAFallbackIsDeclared) {
  lock(six);
  EnvironmentSpec spec{.provider = Provider::uv, .fallback = Provider::venv};
  ToolFacts facts = observe_tools(spec);
  facts.uv.clear();
  const EnvironmentReport report = ensure(spec, project(), facts, base::ignore_event, clock_, {});
  EXPECT_EQ(report.provider, Provider::venv);
  EXPECT_NE(report.why.find("declared fallback"), std::string::npos);
  spec.fallback.reset();
  EXPECT_THROW(ensure(spec, project(), facts, base::ignore_event, clock_, {}), base::Error);
}

TEST_F(RealEnvironment, TheContainerNeedsAnExactLockAndNoPython) {
  const EnvironmentSpec spec{.provider = Provider::container};
  EXPECT_NE(refusal(spec).find("the lock 'requirements.lock' does not exist"), std::string::npos);
  lock("six==1.17.0\n");
  EXPECT_NE(refusal(spec).find("has no sha256 hash"), std::string::npos);
  lock(six);
  const EnvironmentReport report = ensured(spec);
  EXPECT_EQ(report.packages, 1U);
  EXPECT_EQ(report.fingerprint.size(), 64U);
  EXPECT_TRUE(report.python.empty());
}

/// conda-forge cannot be reached everywhere, so a program stands in for micromamba: it writes down its
/// arguments and pretends to have made what it was asked for.
TEST_F(RealEnvironment, CondaIsAskedForCondaForgeAlone) {
  lock("channels: [conda-forge]\ndependencies: [python=3.11.4=h1_0, numpy=1.26.4]\n", "environment.yml");
  base::write_file_atomic(project() / "bin/micromamba",
                          "#!/bin/sh\n"
                          "echo \"$@\" >>\"$0.asked\"\n"
                          "case $1 in\n"
                          "create) mkdir -p \"$4/conda-meta\" ;;\n"
                          "list) cat \"$0.list\" ;;\n"
                          "esac\n",
                          0755);
  const std::string packages =
      R"({"name": "numpy", "version": "1.26.4", "build_string": "b", "channel": "conda-forge"},)"
      R"({"name": "libzlib", "version": "1.3", "build_string": "b", "channel": "conda-forge"},)";
  const auto listed = [&](const std::string& version, const std::string& channel) {
    base::write_file_atomic(project() / "bin/micromamba.list",
                            "[" + packages + R"({"name": "python", "version": ")" + version +
                                R"(", "build_string": "h1_0", "channel": ")" + channel + "\"}]");
  };
  const Path path((project() / "bin").string());
  const EnvironmentSpec spec{.provider = Provider::conda};
  listed("3.11.4", "conda-forge");
  const EnvironmentReport report = ensured(spec);
  EXPECT_EQ(report.packages, 3U);
  EXPECT_EQ(base::read_file(project() / "bin/micromamba.asked"),
            "create --yes --prefix " + report.folder.string() +
                " --override-channels --channel conda-forge --strict-channel-priority numpy=1.26.4 "
                "python=3.11.4=h1_0\nlist --prefix " +
                report.folder.string() + " --json\n");
  EXPECT_FALSE(ensured(spec).changed);

  listed("3.11.5", "conda-forge");
  EXPECT_NE(refusal(spec).find("python 3.11.5"), std::string::npos);
  listed("3.11.4", "defaults");
  EXPECT_NE(refusal(spec).find("came from channel 'defaults'"), std::string::npos);
}

}  // namespace
}  // namespace fresh::environment
