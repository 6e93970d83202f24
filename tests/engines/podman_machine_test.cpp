// The real `podman machine`: init, set, inspect, rm. Nothing is booted, so neither KVM nor a network is
// needed.
#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "machine/observe.h"
#include "machine/plan.h"
#include "machine/podman_words.h"
#include "machine/run.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

namespace fresh::machine {
namespace {

namespace fs = std::filesystem;
constexpr auto deadline = std::chrono::seconds(60);

/// A home of its own for podman, used as an ordinary user: podman machine refuses root.
class PodmanMachine : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"podman", "qemu-img", "qemu-system-x86_64", "ssh-keygen", "setpriv"}) {
      ASSERT_TRUE(base::find_program(program))
          << program
          << " is missing: apt-get install podman qemu-system-x86 qemu-utils openssh-client util-linux";
    }
    // No helper programs: a start then fails at once and in the same way on every host.
    base::write_file_atomic(home() / "containers.conf",
                            "[engine]\nhelper_binaries_dir = [\"/nonexistent\"]\n");
    fs::create_directories(home() / "run");
    fs::permissions(home() / "run", fs::perms::owner_all);
    words_ = {"env",
              "HOME=" + home().string(),
              "XDG_RUNTIME_DIR=" + (home() / "run").string(),
              "XDG_CONFIG_HOME=" + (home() / ".config").string(),
              "XDG_DATA_HOME=" + (home() / ".local/share").string(),
              "CONTAINERS_CONF=" + (home() / "containers.conf").string()};
    if (::geteuid() == 0) {
      const passwd* nobody = ::getpwnam("nobody");
      ASSERT_NE(nobody, nullptr);
      for (const auto& path : {home(), home() / "run", home() / "containers.conf"}) {
        ASSERT_EQ(::chown(path.c_str(), nobody->pw_uid, nobody->pw_gid), 0);
      }
      words_.insert(words_.begin(), {"setpriv", "--reuid", "nobody", "--regid",
                                     std::to_string(nobody->pw_gid), "--clear-groups"});
    }
    podman_.words = words_;
    podman_.words.emplace_back("podman");
  }

  const fs::path& home() const { return folder_.path(); }

  std::string image(const std::string& name) {
    std::vector<std::string> argv = words_;
    const std::string path = (home() / name).string();
    argv.insert(argv.end(), {"qemu-img", "create", "-q", "-f", "qcow2", path, "1G"});
    EXPECT_EQ(base::run_command({.argv = argv, .folder = "/", .deadline = deadline}, {}).exit_code, 0);
    return path;
  }

  MachineSpec spec(const std::string& name) {
    return {.name = name, .wanted = {2, 2048, 12}, .minimum = {}, .image = image(name + ".qcow2")};
  }

  ObservedMachines observed() { return observe(podman_, {}); }

  /// The plan without its last step: nothing is booted here.
  void run_without_start(Plan steps) {
    ASSERT_EQ(steps.refusal, "");
    ASSERT_EQ(steps.steps.back().verb, "start");
    steps.steps.pop_back();
    run(steps, podman_, base::ignore_event, clock_, {});
  }

  base::TemporaryFolder folder_{"fc-machine"};
  std::vector<std::string> words_;
  PodmanCommand podman_;
  base::SystemClock clock_;
};

TEST_F(PodmanMachine, InitThenSetConvergesToTheSpec) {
  MachineSpec wanted = spec("wxd");
  EXPECT_TRUE(observed().machines.empty());
  EXPECT_EQ(to_string(plan(wanted, observed())),
            "init machine:wxd (does not exist)\nstart machine:wxd (after init)\n");
  run_without_start(plan(wanted, observed()));

  const ObservedMachines made = observed();
  ASSERT_NE(made.find("wxd"), nullptr);
  EXPECT_EQ(made.find("wxd")->resources, wanted.wanted);
  EXPECT_FALSE(made.find("wxd")->running);
  EXPECT_FALSE(made.find("wxd")->half_made);
  EXPECT_EQ(to_string(plan(wanted, made)), "start machine:wxd (is stopped)\n");

  wanted.wanted = {3, 3000, 20};
  EXPECT_EQ(
      to_string(plan(wanted, made)),
      "set machine:wxd (cpus 2 -> 3, memory 2048 -> 3000, disk 12 -> 20)\nstart machine:wxd (after set)\n");
  run_without_start(plan(wanted, made));
  EXPECT_EQ(observed().find("wxd")->resources, wanted.wanted);
  EXPECT_EQ(to_string(plan(wanted, observed())), "start machine:wxd (is stopped)\n");
}

TEST_F(PodmanMachine, ItsConnectionCarriesItsPort) {
  const MachineSpec wanted = spec("wxd");
  run_without_start(plan(wanted, observed()));
  const ObservedMachines made = observed();
  const MachineEndpoint found = endpoint(wanted, *made.find("wxd"), made.connections, false);
  EXPECT_TRUE(found.uri.starts_with("ssh://core@localhost:" + std::to_string(made.find("wxd")->ssh_port)))
      << found.uri;
  EXPECT_TRUE(fs::exists(found.identity)) << found.identity;
}

TEST_F(PodmanMachine, AShrinkingDiskIsRefusedBeforePodmanRefusesIt) {
  MachineSpec wanted = spec("wxd");
  run_without_start(plan(wanted, observed()));
  wanted.wanted.disk_gb = 5;
  EXPECT_NE(plan(wanted, observed()).refusal.find("a disk cannot shrink"), std::string::npos);

  const auto forced = ask_podman(podman_, {"machine", "set", "--disk-size", "5", "wxd"}, deadline, {});
  EXPECT_NE(forced.exit_code, 0);
  EXPECT_NE(known_remedy(forced.err), "") << forced.err;
}

TEST_F(PodmanMachine, AMachineWithoutItsIgnitionFileIsHalfMade) {
  const MachineSpec wanted = spec("wxd");
  run_without_start(plan(wanted, observed()));
  fs::remove(observed().find("wxd")->ignition_path);
  const Plan refused = plan(wanted, observed());
  EXPECT_NE(refused.refusal.find("only half made"), std::string::npos);
  EXPECT_EQ(ask_podman(podman_, {"machine", "rm", "-f", "wxd"}, deadline, {}).exit_code, 0) << refused.remedy;
  EXPECT_TRUE(observed().machines.empty());
}

TEST_F(PodmanMachine, ASecondMachineFromTheSameImageFileIsRefused) {
  const MachineSpec first = spec("first");
  run_without_start(plan(first, observed()));
  MachineSpec second = spec("second");
  second.image = first.image;
  EXPECT_NE(plan(second, observed()).refusal.find("'first' already uses a disk image named 'first.qcow2'"),
            std::string::npos);

  // What the refusal prevents: podman itself would give both one disk.
  ASSERT_EQ(ask_podman(podman_,
                       {"machine", "init", "--timezone", "UTC", "--image-path", first.image, "--disk-size",
                        "12", "second"},
                       deadline, {})
                .exit_code,
            0);
  EXPECT_NE(plan(first, observed()).refusal.find("share the disk"), std::string::npos);
}

TEST_F(PodmanMachine, AStartThatFailsEndsWithPodmansWordsAndARemedy) {
  try {
    ensure_podman_machine(spec("wxd"), podman_, base::ignore_event, clock_, {});
    FAIL() << "a machine without its helper programs started";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::machine);
    EXPECT_NE(error.message().find("podman machine start wxd"), std::string::npos) << error.message();
    EXPECT_NE(error.hint().find("gvproxy"), std::string::npos) << error.hint();
  }
}

TEST_F(PodmanMachine, RootIsToldToUseAnOrdinaryUser) {
  if (::geteuid() != 0) {
    EXPECT_NO_THROW(observe(podman_, {}));
    return;
  }
  try {
    observe({}, {});
    FAIL() << "podman machine accepted root";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::machine);
    EXPECT_NE(error.hint().find("ordinary user"), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace fresh::machine
