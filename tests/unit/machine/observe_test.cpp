#include "machine/observe.h"

#include "base/error.h"
#include "machine/podman_words.h"

#include <gtest/gtest.h>

namespace fresh::machine {
namespace {

// As Podman 4.3.1 prints them: sizes as text in bytes in the list, as numbers in MiB and GiB in inspect.
constexpr const char* list_json = R"([
  {"Name": "m2", "Default": false, "Running": false, "Starting": false, "VMType": "qemu", "CPUs": 2,
   "Memory": "2147483648", "DiskSize": "12884901888", "Port": 45873, "RemoteUsername": "core"},
  {"Name": "m1", "Default": true, "Running": true, "Starting": false, "VMType": "qemu", "CPUs": 3,
   "Memory": "3145728000", "DiskSize": "21474836480", "Port": 35767, "RemoteUsername": "core"}])";
constexpr const char* inspect_json = R"([
  {"ConfigPath": {"Path": "/home/u/.config/m1.json"},
   "ConnectionInfo": {"PodmanSocket": {"Path": "/home/u/m1/podman.sock"}},
   "Image": {"IgnitionFilePath": {"Path": "/home/u/m1.ign"}, "ImageStream": "custom",
             "ImagePath": {"Path": "/home/u/fake.qcow2"}},
   "Name": "m1", "Resources": {"CPUs": 3, "DiskSize": 20, "Memory": 3000},
   "SSHConfig": {"IdentityPath": "/home/u/.ssh/m1", "Port": 35767, "RemoteUsername": "core"}, "State": ""}])";

TEST(ObserveMachines, ListSizesAreTextInBytes) {
  const auto machines = parse_machines(list_json, "[]");
  ASSERT_EQ(machines.size(), 2U);
  EXPECT_EQ(machines[0].name, "m1");
  EXPECT_TRUE(machines[0].running);
  EXPECT_EQ(machines[0].resources, (Resources{3, 3000, 20}));
  EXPECT_EQ(machines[1].resources, (Resources{2, 2048, 12}));
}

TEST(ObserveMachines, InspectAddsThePaths) {
  const auto machines = parse_machines(list_json, inspect_json);
  EXPECT_EQ(machines[0].socket, "/home/u/m1/podman.sock");
  EXPECT_EQ(machines[0].image_path, "/home/u/fake.qcow2");
  EXPECT_EQ(machines[0].ssh_port, 35767);
  EXPECT_EQ(machines[1].socket, "");
}

TEST(ObserveMachines, FieldsOfAnotherTypeAreNotTrusted) {
  const auto machines =
      parse_machines(R"([{"Name": "m", "CPUs": [1], "Memory": {}, "DiskSize": "many"}, 7])", "null");
  ASSERT_EQ(machines.size(), 2U);
  EXPECT_EQ(machines[1].resources, Resources{});
}

TEST(ObserveMachines, RefusesWhatIsNoList) {
  EXPECT_THROW(parse_machines("podman: not found", "[]"), base::Error);
  EXPECT_THROW(parse_machines("{}", "[]"), base::Error);
  EXPECT_THROW(parse_connections("[{]"), base::Error);
}

TEST(ObserveMachines, ConnectionsAreSorted) {
  const auto connections = parse_connections(
      R"([{"Name":"m-root","URI":"ssh://root@localhost:1/run/podman/podman.sock","Identity":"/k","IsMachine":true},
          {"Name":"m","URI":"ssh://core@localhost:1/run/user/1001/podman/podman.sock","Identity":"/k"}])");
  ASSERT_EQ(connections.size(), 2U);
  EXPECT_EQ(connections[0].name, "m");
  EXPECT_EQ(connections[0].identity, "/k");
}

TEST(PodmanWords, KnownRefusalsHaveARemedy) {
  EXPECT_NE(known_remedy("Error: cannot run command \"podman machine init\" as root").find("ordinary user"),
            std::string::npos);
  EXPECT_NE(known_remedy("exec: \"qemu-system-x86_64\": executable file not found in $PATH")
                .find("qemu-system-x86"),
            std::string::npos);
  EXPECT_NE(known_remedy("could not find \"gvproxy\" in one of [/usr/libexec/podman]").find("gvproxy"),
            std::string::npos);
  EXPECT_EQ(known_remedy("something new"), "");
}

TEST(PodmanWords, TheLastLineIsWhatPodmanSays) {
  EXPECT_EQ(last_words("Image resized.\nError: exit status 1\n\n"), "exit status 1");
  EXPECT_EQ(last_words(" \n"), "");
}

}  // namespace
}  // namespace fresh::machine
