#include "machine/plan.h"

#include "base/error.h"
#include "machine/run.h"

#include <gtest/gtest.h>

namespace fresh::machine {
namespace {

const MachineSpec spec{.name = "wxd", .wanted = {4, 8192, 50}};

ObservedMachine as_declared(bool running) {
  return {.name = "wxd",
          .resources = {4, 8192, 50},
          .running = running,
          .starting = false,
          .image_path = "/data/wxd_fedora.qcow2",
          .ignition_path = "/config/wxd.ign",
          .socket = "/data/wxd/podman.sock",
          .ssh_port = 4000,
          .half_made = false};
}

ObservedMachines only(const ObservedMachine& machine) {
  return {.machines = {machine}, .connections = {}};
}

TEST(MachinePlan, AMissingMachineIsMadeAndStarted) {
  const Plan made = plan(spec, {});
  EXPECT_EQ(to_string(made), "init machine:wxd (does not exist)\nstart machine:wxd (after init)\n");
  EXPECT_EQ(made.steps[0].arguments,
            (std::vector<std::string>{"machine", "init", "--timezone", "UTC", "--cpus", "4", "--memory",
                                      "8192", "--disk-size", "50", "wxd"}));
}

TEST(MachinePlan, AMachineAsDeclaredNeedsNothing) {
  EXPECT_TRUE(plan(spec, only(as_declared(true))).empty());
}

TEST(MachinePlan, AStoppedMachineIsStarted) {
  EXPECT_EQ(to_string(plan(spec, only(as_declared(false)))), "start machine:wxd (is stopped)\n");
}

TEST(MachinePlan, DifferencesAreSetWhileItIsStopped) {
  ObservedMachine small = as_declared(true);
  small.resources = {2, 8192, 20};
  const Plan mended = plan(spec, only(small));
  EXPECT_EQ(to_string(mended),
            "stop machine:wxd (can only be set while it is stopped)\n"
            "set machine:wxd (cpus 2 -> 4, disk 20 -> 50)\n"
            "start machine:wxd (after set)\n");
  EXPECT_EQ(mended.steps[1].arguments,
            (std::vector<std::string>{"machine", "set", "--cpus", "4", "--disk-size", "50", "wxd"}));
}

TEST(MachinePlan, ADiskIsNeverShrunk) {
  ObservedMachine large = as_declared(true);
  large.resources.disk_gb = 100;
  const Plan refused = plan(spec, only(large));
  EXPECT_TRUE(refused.steps.empty());
  EXPECT_EQ(refused.refusal, "machine 'wxd' has a disk of 100 GiB, expected 50: a disk cannot shrink");
  EXPECT_NE(refused.remedy.find("disk_gb to 100"), std::string::npos);
}

TEST(MachinePlan, AHalfMadeMachineIsNotTrusted) {
  ObservedMachine half = as_declared(false);
  half.half_made = true;
  const Plan refused = plan(spec, only(half));
  EXPECT_TRUE(refused.steps.empty());
  EXPECT_NE(refused.remedy.find("podman machine rm -f wxd"), std::string::npos);
}

TEST(MachinePlan, TwoMachinesMayNotShareAnImageFile) {
  MachineSpec with_image = spec;
  with_image.image = "/images/fake.qcow2";
  ObservedMachine other = as_declared(true);
  other.name = "other";
  other.image_path = "/data/fake.qcow2";
  EXPECT_NE(
      plan(with_image, only(other)).refusal.find("'other' already uses a disk image named 'fake.qcow2'"),
      std::string::npos);
  with_image.image = "/images/wxd.qcow2";
  EXPECT_EQ(plan(with_image, only(other)).steps.size(), 2U);

  ObservedMachine twin = as_declared(true);
  twin.image_path = other.image_path;
  EXPECT_NE(plan(spec, {.machines = {other, twin}, .connections = {}}).refusal.find("share the disk"),
            std::string::npos);
}

TEST(MachinePlan, ConnectionsOfMachinesThatAreGoneAreSaid) {
  ObservedMachines observed = only(as_declared(true));
  observed.connections = {{"gone", "ssh://core@localhost:1/run/x.sock", "/k"},
                          {"wxd", "ssh://core@localhost:4000/run/x.sock", "/k"},
                          {"wxd-root", "ssh://root@localhost:4000/run/x.sock", "/k"},
                          {"lab", "ssh://me@lab.example/run/x.sock", "/k"}};
  const Plan noted = plan(spec, observed);
  ASSERT_EQ(noted.notes.size(), 1U);
  EXPECT_NE(noted.notes[0].find("'gone'"), std::string::npos);
}

TEST(MachineEndpoint, TheSocketOnThisHostComesFirst) {
  const auto found = endpoint(spec, as_declared(true), {}, true);
  EXPECT_EQ(found.uri, "unix:///data/wxd/podman.sock");
}

TEST(MachineEndpoint, ElseTheConnectionWithTheMachinesOwnPort) {
  const std::vector<KnownConnection> connections = {
      {"wxd", "ssh://core@localhost:4000/run/user/1/podman/podman.sock", "/k"},
      {"wxd-root", "ssh://root@localhost:4000/run/podman/podman.sock", "/r"}};
  EXPECT_EQ(endpoint(spec, as_declared(true), connections, false).identity, "/k");
  MachineSpec rootful = spec;
  rootful.rootful = true;
  EXPECT_EQ(endpoint(rootful, as_declared(true), connections, false).uri,
            "ssh://root@localhost:4000/run/podman/podman.sock");
}

TEST(MachineEndpoint, AConnectionLeftByAnOlderMachineDoesNotCount) {
  const std::vector<KnownConnection> stale = {{"wxd", "ssh://core@localhost:3999/run/x.sock", "/k"}};
  EXPECT_THROW(endpoint(spec, as_declared(true), stale, false), base::Error);
}

}  // namespace
}  // namespace fresh::machine
