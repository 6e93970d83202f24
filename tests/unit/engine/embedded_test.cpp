#include "engine/embedded.h"

#include "base/error.h"
#include "base/file.h"
#include "engine/detached.h"
#include "engine/internal_network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

namespace fresh::engine {
namespace {

/// A machine with everything: root, systemd, cgroup v2.
HostFacts rich() {
  HostFacts facts;
  facts.user = "root";
  facts.cgroup = CgroupLayout::v2;
  facts.delegated = {"cpu", "memory", "pids"};
  facts.systemd = true;
  for (const char* name : {"podman", "crun", "runc", "conmon", "netavark", "aardvark-dns", "catatonit",
                           "iptables", "newuidmap", "newgidmap", "slirp4netns"}) {
    facts.programs[name] = std::string("/usr/bin/") + name;
  }
  facts.open_files = 1'048'576;
  facts.processes = 1'048'576;
  facts.kernel = 6001;
  facts.storage_file_system = "other";
  facts.policy = true;
  facts.runtime_dir = "/run";
  facts.subordinate_ids = 65'536;
  facts.tun = true;
  return facts;
}

HostFacts ordinary_user() {
  auto facts = rich();
  facts.uid = 1001;
  facts.user = "ann";
  facts.user_session = true;
  facts.runtime_dir = "/run/user/1001";
  return facts;
}

EngineConfiguration configured(const HostFacts& facts) {
  return configure(facts, embedded_folders("/data/fresh-clone", facts.runtime_dir));
}

bool says(const EngineConfiguration& configuration, const std::string& words) {
  return std::any_of(configuration.limitations.begin(), configuration.limitations.end(),
                     [&](const auto& text) { return text.find(words) != std::string::npos; });
}

TEST(Embedded, ModernMachine) {
  const auto configuration = configured(rich());
  EXPECT_EQ(configuration.containers_conf,
            "# Written by fresh-clone for this machine at each start of its private engine.\n"
            "[engine]\nruntime = \"crun\"\ncgroup_manager = \"systemd\"\nevents_logger = "
            "\"file\"\nexit_command_delay = 5\n"
            "[containers]\nlog_driver = \"k8s-file\"\n"
            "default_ulimits = [\"nofile=65536:65536\", \"nproc=32768:32768\"]\n"
            "[network]\nnetwork_backend = \"netavark\"\nnetwork_config_dir = "
            "\"/data/fresh-clone/engine/networks\"\n");
  EXPECT_TRUE(configuration.limitations.empty());
  EXPECT_TRUE(configuration.policy_json.empty());
  EXPECT_EQ(configuration.arguments.front(), "/usr/bin/podman");
  EXPECT_TRUE(configuration.arguments.back().starts_with("unix:///run/fresh-clone/"));
}

TEST(Embedded, OldCgroupsWithoutSystemdTakeRuncAndPlainFiles) {
  auto facts = rich();
  facts.cgroup = CgroupLayout::hybrid;
  facts.systemd = false;
  facts.open_files = 4096;
  facts.policy = false;
  const auto configuration = configured(facts);
  EXPECT_NE(configuration.containers_conf.find("runtime = \"runc\""), std::string::npos);
  EXPECT_NE(configuration.containers_conf.find("cgroup_manager = \"cgroupfs\""), std::string::npos);
  EXPECT_NE(configuration.containers_conf.find("nofile=4096:4096"), std::string::npos);
  EXPECT_TRUE(says(configuration, "health checks"));
  EXPECT_FALSE(configuration.policy_json.empty());
}

TEST(Embedded, WhatAnOrdinaryUserDoesNotGetIsSaid) {
  auto facts = ordinary_user();
  EXPECT_TRUE(says(configured(facts), "ports below 1024"));
  EXPECT_FALSE(says(configured(facts), "memory"));
  facts.delegated.clear();
  EXPECT_TRUE(says(configured(facts), "memory"));
  facts.cgroup = CgroupLayout::v1;
  EXPECT_TRUE(says(configured(facts), "cgroup v1"));
}

TEST(Embedded, StorageFollowsTheFileSystem) {
  auto facts = rich();
  facts.storage_file_system = "overlay";
  EXPECT_NE(configured(facts).storage_conf.find("driver = \"vfs\""), std::string::npos);
  EXPECT_TRUE(says(configured(facts), "full copy"));
  facts.fuse = true;
  facts.programs["fuse-overlayfs"] = "/usr/bin/fuse-overlayfs";
  EXPECT_NE(configured(facts).storage_conf.find("mount_program = \"/usr/bin/fuse-overlayfs\""),
            std::string::npos);
}

TEST(Embedded, WhatIsMissingIsNamedWithTheCommand) {
  require_host(rich());
  require_host(ordinary_user());
  struct Case {
    std::function<void(HostFacts&)> take_away;
    const char* hint;
  };
  const Case cases[] = {
      {[](HostFacts& facts) { facts.programs.erase("podman"); }, "apt-get install"},
      {[](HostFacts& facts) { facts.programs.erase("netavark"); }, "netavark"},
      {[](HostFacts& facts) {
         facts.cgroup = CgroupLayout::v1;
         facts.programs.erase("runc");
       },
       "runc"},
      {[](HostFacts& facts) { facts.programs.erase("newuidmap"); }, "uidmap"},
      {[](HostFacts& facts) { facts.programs.erase("slirp4netns"); }, "slirp4netns"},
      {[](HostFacts& facts) { facts.subordinate_ids = 0; }, "usermod --add-subuids"},
      {[](HostFacts& facts) { facts.runtime_dir.clear(); },
       "install -d -m 0700 -o ann -g ann /run/user/1001"},
      {[](HostFacts& facts) { facts.tun = false; }, "chmod 0666 /dev/net/tun"},
  };
  for (const auto& [take_away, hint] : cases) {
    auto facts = ordinary_user();
    take_away(facts);
    try {
      require_host(facts);
      ADD_FAILURE() << hint;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::machine);
      EXPECT_NE(error.hint().find(hint), std::string::npos) << error.hint();
    }
  }
}

TEST(Embedded, SocketPathIsShortHoweverLongTheDataFolderIs) {
  const auto folders = embedded_folders("/" + std::string(200, 'x'), "/run/user/1001");
  EXPECT_LT(folders.socket.size(), 107U);
  EXPECT_NE(folders.socket, embedded_folders("/y", "/run/user/1001").socket);
}

TEST(Embedded, SubordinateRangesAdd) {
  const std::string text = "ann:100000:65536\nbob:1:1\n1001:300000:10\nbroken\n";
  EXPECT_EQ(subordinate_range(text, "ann", 1001), 65'546);
  EXPECT_EQ(subordinate_range(text, "eve", 5), 0);
}

TEST(Detached, ProcessIsKnownAgainAndEnded) {
  const base::TemporaryFolder folder;
  const auto process = start_detached({"/bin/sleep", "1000"}, {}, folder.path() / "log");
  EXPECT_TRUE(still_runs(process));
  auto stranger = process;
  stranger.started = "1";
  EXPECT_FALSE(still_runs(stranger));
  end_process(process);
  EXPECT_FALSE(still_runs(process));
  EXPECT_THROW(start_detached({"/no/such/program"}, {}, folder.path() / "log"), base::Error);
}

// Rootless Podman's service is a child of what was started, and does not always hear the signal that its
// parent gets.
TEST(Detached, a_child_of_the_same_program_ends_too) {
  const base::TemporaryFolder folder("fresh-detached");
  const std::string script = "mkfifo ready wall; (read -r word < wall) & echo $! > ready; wait";
  const auto parent = start_detached({"/bin/bash", "-c", "cd '" + folder.path().string() + "'; " + script},
                                     {}, folder.path() / "log");
  while (!std::filesystem::exists(folder.path() / "ready")) {
    ASSERT_TRUE(still_runs(parent));
  }
  std::int64_t pid = 0;
  std::ifstream(folder.path() / "ready") >> pid;
  const auto child = record_of(pid);
  ASSERT_TRUE(child.has_value());
  end_process(parent);
  EXPECT_FALSE(still_runs(parent));
  EXPECT_FALSE(still_runs(*child));
}

TEST(InternalNetwork, IsDeadBehindAFilterThatDropsByDefault) {
  EXPECT_TRUE(internal_network_finding("-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n", "1\n"));
  EXPECT_FALSE(internal_network_finding("-P FORWARD DROP\n", "0\n"));
  EXPECT_FALSE(internal_network_finding("-P FORWARD DROP\n", ""));
  EXPECT_FALSE(internal_network_finding("-P FORWARD ACCEPT\n", "1\n"));
}

}  // namespace
}  // namespace fresh::engine
