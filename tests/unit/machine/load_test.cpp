#include "machine/load.h"

#include "base/error.h"
#include "base/file.h"
#include "document/load_yaml.h"

#include <gtest/gtest.h>

namespace fresh::machine {
namespace {

MachineSpec loaded(const std::string& yaml) {
  return load(document::load_yaml(yaml, "fresh-clone.yaml"), "/nowhere");
}

std::string refusal(const std::string& yaml) {
  try {
    loaded(yaml);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::precheck);
    return error.message();
  }
  return "accepted";
}

void expect_refused(const std::string& yaml, const std::string& words) {
  EXPECT_NE(refusal(yaml).find(words), std::string::npos) << yaml << "\n" << refusal(yaml);
}

TEST(MachineLoad, NothingDeclaredGivesTheSizesOfSeed003) {
  const MachineSpec spec = load(document::Node{}, "/nowhere");
  EXPECT_EQ(spec.name, "podman-wxd");
  EXPECT_EQ(spec.wanted, (Resources{4, 8192, 50}));
  EXPECT_EQ(spec.minimum, Resources{});
  EXPECT_EQ(spec.provider, Provider::automatic);
}

TEST(MachineLoad, ReadsEveryKey) {
  const MachineSpec spec = loaded(
      "name: m1\ncpus: 6\nmemory_mb: 9000\ndisk_gb: 60\nminimum: {cpus: 2, memory_mb: 6144, disk_gb: 20}\n"
      "provider: podman-machine\nimage: disks/m1.qcow2\nrootful: true\n");
  EXPECT_EQ(spec.name, "m1");
  EXPECT_EQ(spec.wanted, (Resources{6, 9000, 60}));
  EXPECT_EQ(spec.minimum, (Resources{2, 6144, 20}));
  EXPECT_EQ(spec.provider, Provider::podman_machine);
  EXPECT_EQ(spec.image, "disks/m1.qcow2");
  EXPECT_TRUE(spec.rootful);
}

TEST(MachineLoad, RefusesWithPlace) {
  expect_refused("cpu: 4\n", "fresh-clone.yaml:1:1");
  expect_refused("name: m\ncpus: 0\n", "'cpus' must be a number from 1 on, found 0");
  expect_refused("cpus: 99999999999\n", "'cpus' must be a number from 1 on");
  expect_refused("cpus: many\n", "fresh-clone.yaml:1:7");
  expect_refused("provider: wsl\n", "there is no machine provider 'wsl'");
  expect_refused("name: -m\n", "'-m' is no machine name");
  expect_refused("name: 'a b'\n", "'a b' is no machine name");
  expect_refused("cpus: 2\nminimum: {cpus: 3}\n", "the minimum of 'cpus' is 3, above the wanted 2");
  expect_refused("minimum: {ram: 3}\n", "ram");
  expect_refused("- a\n", "must be a map or the path");
}

TEST(MachineLoad, APathNamesAFileOfTheProject) {
  const base::TemporaryFolder project;
  base::write_file_atomic(project.path() / "machine/m.yaml", "name: from-file\ncpus: 3\n");
  const MachineSpec spec = load(document::text_node("machine/m.yaml"), project.path());
  EXPECT_EQ(spec.name, "from-file");
  EXPECT_EQ(spec.wanted.cpus, 3);
  EXPECT_THROW(load(document::text_node("machine/none.yaml"), project.path()), base::Error);
}

TEST(MachineLoad, TheMachineOfThisRepositoryIsTheOneOfSeed003) {
  const MachineSpec spec = load(document::text_node("machine/podman-wxd.yaml"), FRESH_SOURCE_DIR);
  EXPECT_EQ(spec.name, "podman-wxd");
  EXPECT_EQ(spec.wanted, (Resources{4, 8192, 50}));
  EXPECT_EQ(spec.minimum.cpus, 2);
}

TEST(MachineSpec, FlagsReplaceWhatIsDeclared) {
  const MachineSpec spec = demanded(MachineSpec{}, {.name = "other", .cpus = 1, .disk_gb = 7});
  EXPECT_EQ(spec.name, "other");
  EXPECT_EQ(spec.wanted, (Resources{1, 8192, 7}));
}

TEST(MachineSpec, AutomaticMeansNativeOnLinuxOnly) {
  EXPECT_EQ(resolved(Provider::automatic, HostSystem::linux_kernel), Provider::native);
  EXPECT_EQ(resolved(Provider::automatic, HostSystem::other), Provider::podman_machine);
  EXPECT_EQ(resolved(Provider::podman_machine, HostSystem::linux_kernel), Provider::podman_machine);
}

}  // namespace
}  // namespace fresh::machine
