#include "base/file.h"
#include "engines/engine/fixture.h"

#include <algorithm>
#include <filesystem>

namespace fresh::test {
namespace {

using engine::Call;
using engine::ContainerSpec;
using engine::EngineError;
using engine::Fault;
using engine::Stream;
using std::chrono::milliseconds;

Fault fault_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const EngineError& error) {
    return error.fault();
  }
  throw std::runtime_error("no EngineError was thrown");
}

TEST_F(EngineTest, TellsItsVersionAndMachine) {
  EXPECT_FALSE(engine().version().engine.empty());
  EXPECT_EQ(engine().version().api, "1.41");
  const auto info = engine().info(call);
  EXPECT_GT(info.cpus, 0);
  EXPECT_GT(info.memory, 1'000'000'000);
  EXPECT_GT(info.disk_free, 0);
  EXPECT_EQ(info.architecture, "amd64");
  EXPECT_FALSE(info.root.empty());
  EXPECT_FALSE(info.rootless);
  EXPECT_TRUE(info.memory_limits);
  EXPECT_EQ(info.runtime, "runc");
}

TEST_F(EngineTest, ExitCodeAndLogsOfAContainerThatEnds) {
  auto spec = shell("a", "echo out; echo err >&2; exit 7");
  EXPECT_EQ(run(spec), 7);
  const auto container = engine().find_container(spec.name, call);
  ASSERT_TRUE(container);
  EXPECT_TRUE(container->has_finished());
  EXPECT_EQ(container->exit_code, 7);
  EXPECT_EQ(container->image, image);
  EXPECT_EQ(container->labels.at("fresh.test"), name("x"));
  std::string out;
  std::string err;
  engine().logs(
      spec.name, {},
      [&](Stream stream, std::string_view bytes) { (stream == Stream::out ? out : err) += bytes; }, call);
  EXPECT_EQ(out, "out\n");
  EXPECT_EQ(err, "err\n");
}

TEST_F(EngineTest, LogsOfATerminalHaveNoFrames) {
  auto spec = shell("a", "echo hello");
  spec.tty = true;
  EXPECT_EQ(run(spec), 0);
  EXPECT_EQ(output_of(spec.name), "hello\r\n");
}

TEST_F(EngineTest, FollowedLogsEndWithTheContainer) {
  auto spec = shell("a", "for i in 1 2 3; do echo $i; sleep 0.2; done");
  engine().create_container(spec, call);
  engine().start_container(spec.name, call);
  std::string out;
  engine().logs(
      spec.name, {.follow = true}, [&](Stream, std::string_view bytes) { out += bytes; }, call);
  EXPECT_EQ(out, "1\n2\n3\n");
}

TEST_F(EngineTest, AttachedBeforeStartSeesAll) {
  auto spec = shell("a", "echo first; sleep 0.3; echo last");
  engine().create_container(spec, call);
  std::string out;
  engine().attach(
      spec.name, [&] { engine().start_container(spec.name, call); },
      [&](Stream, std::string_view bytes) { out += bytes; }, call);
  EXPECT_EQ(out, "first\nlast\n");
}

TEST_F(EngineTest, ContainerThatNeverRanGivesNoExitCode) {
  auto spec = shell("a", "true");
  engine().create_container(spec, call);
  const auto exit = engine().arm_exit(spec.name, call);
  EXPECT_EQ(fault_of([&] { exit->wait({milliseconds(500), {}}); }), Fault::timed_out);
  const auto container = engine().find_container(spec.name, call);
  EXPECT_EQ(container->state, "created");
  EXPECT_FALSE(container->has_finished());
  EXPECT_EQ(container->started_at, "");
}

TEST_F(EngineTest, StartOfAMissingProgramFails) {
  auto spec = shell("a", "true");
  spec.command = {"/no/such/program"};
  engine().create_container(spec, call);
  EXPECT_THROW(engine().start_container(spec.name, call), EngineError);
  EXPECT_FALSE(engine().find_container(spec.name, call)->has_finished());
}

TEST_F(EngineTest, FaultsAreTheSameOnBothEngines) {
  auto spec = shell("a", "sleep 60");
  engine().create_container(spec, call);
  EXPECT_EQ(fault_of([&] { engine().create_container(spec, call); }), Fault::conflict);
  auto missing = shell("b", "true");
  missing.image = "localhost/no-such-image:1";
  EXPECT_EQ(fault_of([&] { engine().create_container(missing, call); }), Fault::not_found);
  EXPECT_EQ(fault_of([&] { engine().start_container(name("none"), call); }), Fault::not_found);
  EXPECT_EQ(fault_of([&] { engine().kill_container(spec.name, "SIGTERM", call); }), Fault::conflict);
  EXPECT_FALSE(engine().find_container(name("none"), call));
  EXPECT_FALSE(engine().find_image("localhost/no-such-image:1", call));
  EXPECT_FALSE(engine().find_network(name("none"), call));
  EXPECT_FALSE(engine().find_volume(name("none"), call));
  EXPECT_FALSE(engine().remove_container(name("none"), true, call));
  EXPECT_FALSE(engine().remove_image("localhost/no-such-image:1", false, call));
  EXPECT_FALSE(engine().remove_network(name("none"), call));
  EXPECT_FALSE(engine().remove_volume(name("none"), call));
}

TEST_F(EngineTest, StopsPausesKillsRenames) {
  auto spec = shell("a", "trap 'exit 5' TERM; while true; do sleep 0.1; done");
  engine().create_container(spec, call);
  engine().start_container(spec.name, call);
  engine().start_container(spec.name, call);
  engine().pause_container(spec.name, call);
  EXPECT_EQ(engine().find_container(spec.name, call)->state, "paused");
  engine().unpause_container(spec.name, call);
  engine().rename_container(spec.name, name("renamed"), call);
  const auto exit = engine().arm_exit(name("renamed"), call);
  engine().stop_container(name("renamed"), std::chrono::seconds(5), call);
  EXPECT_EQ(exit->wait(call), 5);
  engine().stop_container(name("renamed"), {}, call);
  EXPECT_TRUE(engine().remove_container(name("renamed"), true, call));
  EXPECT_FALSE(engine().find_container(name("renamed"), call));
}

TEST_F(EngineTest, ExecGivesStreamsAndExitCode) {
  auto spec = shell("a", "sleep 60");
  engine().create_container(spec, call);
  engine().start_container(spec.name, call);
  const auto result = engine().exec(spec.name,
                                    {.command = {"sh", "-c", "echo $X; pwd; id -u; echo e >&2; exit 3"},
                                     .environment = {{"X", "y"}},
                                     .user = "1000",
                                     .working_dir = "/tmp"},
                                    {}, call);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "y\n/tmp\n1000\n");
  EXPECT_EQ(result.err, "e\n");
  EXPECT_NE(engine().exec(spec.name, {.command = {"/no/such"}}, {}, call).exit_code, 0);
}

TEST_F(EngineTest, ExecStopsAtItsDeadline) {
  auto spec = shell("a", "sleep 60");
  engine().create_container(spec, call);
  engine().start_container(spec.name, call);
  EXPECT_EQ(fault_of([&] {
              engine().exec(spec.name, {.command = {"sleep", "30"}}, {}, {milliseconds(700), {}});
            }),
            Fault::timed_out);
}

TEST_F(EngineTest, HealthIsProbedOnceAndSaid) {
  engine::Healthcheck check;
  check.test = {"CMD-SHELL", "echo 'looking for it'; test -e /tmp/ready"};
  check.timeout = std::chrono::seconds(5);
  auto spec = shell("a", "sleep 60");
  spec.healthcheck = check;
  engine().create_container(spec, call);
  engine().start_container(spec.name, call);
  const auto before = engine().probe_health(spec.name, check, call);
  EXPECT_EQ(before.exit_code, 1);
  EXPECT_NE(before.output.find("looking for it"), std::string::npos) << before.output;
  engine().exec(spec.name, {.command = {"touch", "/tmp/ready"}}, {}, call);
  EXPECT_EQ(engine().probe_health(spec.name, check, call).exit_code, 0);
}

TEST_F(EngineTest, HealthTestOfSeveralWordsKeepsItsWords) {
  engine::Healthcheck check;
  check.test = {"CMD", "sh", "-c", "test \"$0\" = 'a  b'", "a  b"};
  check.timeout = std::chrono::seconds(5);
  auto spec = shell("a", "sleep 60");
  spec.healthcheck = check;
  engine().create_container(spec, call);
  engine().start_container(spec.name, call);
  EXPECT_EQ(engine().probe_health(spec.name, check, call).exit_code, 0);
}

TEST_F(EngineTest, HealthProbeThatHangsFails) {
  engine::Healthcheck check;
  check.test = {"CMD", "sleep", "3"};
  check.timeout = milliseconds(500);
  auto spec = shell("a", "sleep 60");
  spec.healthcheck = check;
  engine().create_container(spec, call);
  engine().start_container(spec.name, call);
  EXPECT_NE(engine().probe_health(spec.name, check, call).exit_code, 0);
}

TEST_F(EngineTest, ArchivesGoInAndOut) {
  auto spec = shell("a", "cat /tmp/in");
  engine().create_container(spec, call);
  engine().put_archive(spec.name, "/tmp", tar_of("in", "from outside\n"), call);
  const auto exit = engine().arm_exit(spec.name, call);
  engine().start_container(spec.name, call);
  EXPECT_EQ(exit->wait(call), 0);
  EXPECT_EQ(output_of(spec.name), "from outside\n");
  std::string archive;
  engine().get_archive(
      spec.name, "/tmp/in", [&](std::string_view bytes) { archive += bytes; }, call);
  EXPECT_NE(archive.find("from outside"), std::string::npos);
  EXPECT_EQ(fault_of([&] {
              engine().get_archive(
                  spec.name, "/none", [](std::string_view) {}, call);
            }),
            Fault::not_found);
}

TEST_F(EngineTest, MountsEnvironmentAndLimitsArrive) {
  const base::TemporaryFolder folder;
  base::write_file_atomic(folder.path() / "given", "mine\n");
  auto spec =
      shell("a",
            "cat /given/given; echo $WORD; id -u; ulimit -n; touch /given/x 2>/dev/null || echo read-only; "
            "touch /x 2>/dev/null || echo locked; printf 'echo ran' > /scratch/s; chmod +x /scratch/s; "
            "/scratch/s; hostname; touch /kept/file && echo kept");
  spec.environment = {{"WORD", "two words"}};
  spec.user = "0:0";
  spec.hostname = "fixed";
  spec.read_only = true;
  spec.memory = 64 << 20;
  spec.nano_cpus = 500'000'000;
  spec.pids_limit = 50;
  spec.ulimits = {{"nofile", {1024, 2048}}};
  spec.cap_drop = {"ALL"};
  spec.security_opt = {"no-new-privileges"};
  spec.network_mode = "none";
  engine::Mount bind;
  bind.source = folder.path().string();
  bind.target = "/given";
  bind.read_only = true;
  engine::Mount scratch;
  scratch.type = engine::MountType::tmpfs;
  scratch.target = "/scratch";
  scratch.tmpfs_size = 1 << 20;
  scratch.tmpfs_mode = 01777;
  engine::Mount kept;
  kept.type = engine::MountType::volume;
  kept.source = name("volume");
  kept.target = "/kept";
  spec.mounts = {bind, scratch, kept};
  engine().create_volume({.name = name("volume"), .labels = labels()}, call);
  engine().create_volume({.name = name("volume"), .labels = labels()}, call);
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  EXPECT_EQ(run(spec), 0);
  EXPECT_EQ(output_of(spec.name), "mine\ntwo words\n0\n1024\nread-only\nlocked\nran\nfixed\nkept\n");
  EXPECT_EQ(fault_of([&] { engine().remove_volume(name("volume"), call); }), Fault::conflict);
  const auto container = engine().find_container(spec.name, call);
  ASSERT_EQ(container->mounts.size(), 2U);
  EXPECT_EQ(container->mounts[0].target, "/given");
  EXPECT_EQ(container->mounts[1].source, name("volume"));
}

TEST_F(EngineTest, MissingBindSourceIsRefusedOrMade) {
  const base::TemporaryFolder folder;
  engine::Mount bind;
  bind.source = (folder.path() / "missing").string();
  bind.target = "/given";
  auto spec = shell("a", "ls /given");
  spec.mounts = {bind};
  EXPECT_THROW(engine().create_container(spec, call), EngineError);
  spec.mounts[0].create_host_path = true;
  EXPECT_EQ(run(spec), 0);
  EXPECT_TRUE(std::filesystem::is_directory(folder.path() / "missing"));
}

TEST_F(EngineTest, EntrypointAndCommandReplaceTheImages) {
  auto spec = shell("a", "");
  spec.entrypoint = {{"echo", "entry"}};
  spec.command = {{"word"}};
  EXPECT_EQ(run(spec), 0);
  EXPECT_EQ(output_of(spec.name), "entry word\n");
}

TEST_F(EngineTest, ListsByLabelSorted) {
  engine().create_container(shell("b", "true"), call);
  engine().create_container(shell("a", "true"), call);
  const auto all = engine().list_containers({labels(), true}, call);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, name("a"));
  EXPECT_EQ(all[1].state, "created");
  EXPECT_EQ(all[1].image, image);
  EXPECT_TRUE(engine().list_containers({labels(), false}, call).empty());
}

TEST_F(EngineTest, EventsTellStartAndEnd) {
  std::stop_source stop;
  std::vector<std::string> actions;
  auto spec = shell("a", "exit 4");
  std::string code;
  engine().events(
      labels(),
      [&] {
        engine().create_container(spec, call);
        engine().start_container(spec.name, call);
      },
      [&](const engine::EngineEvent& event) {
        actions.push_back(event.action);
        if (event.action == "die" && code.empty()) {
          for (const char* key : {"exitCode", "containerExitCode"}) {
            if (event.attributes.contains(key)) {
              code = event.attributes.at(key);
            }
          }
          stop.request_stop();
        }
      },
      {std::chrono::seconds(20), stop.get_token()});
  EXPECT_EQ(actions.front(), "create");
  EXPECT_NE(std::find(actions.begin(), actions.end(), "die"), actions.end());
  EXPECT_EQ(code, "4");
}

}  // namespace
}  // namespace fresh::test
