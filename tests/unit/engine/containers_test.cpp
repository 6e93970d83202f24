#include "engine/dialect.h"
#include "engine/fault.h"
#include "unit/engine/scripted_engine.h"

#include <nlohmann/json.hpp>

namespace fresh::test {
namespace {

using engine::Fault;

const std::string L = "/v4.0.0/libpod";

TEST(Faults, PodmanSays500AndMeansOtherThings) {
  const std::pair<const char*, Fault> cases[] = {
      {R"(the container name "x" is already in use by 1. that name is already in use)", Fault::conflict},
      {"listen tcp 127.0.0.1:18080: bind: address already in use", Fault::port_taken},
      {"unable to find network with name or ID x: network not found", Fault::not_found},
      {"x: image not known", Fault::not_found},
      {"network is being used", Fault::conflict},
      {"container state improper", Fault::conflict},
      {"write /x: no space left on device", Fault::no_space},
      {"decode(): unexpected EOF", Fault::failed},
  };
  for (const auto& [text, fault] : cases) {
    EXPECT_EQ(engine::classify(500, text), fault) << text;
  }
  EXPECT_EQ(engine::classify(404, "x"), Fault::not_found);
  EXPECT_EQ(engine::classify(403, "endpoint with name c already exists in network n"), Fault::conflict);
}

TEST(Faults, HintNamesThePort) {
  for (const char* text :
       {"cannot listen on the TCP port: listen tcp4 127.0.0.1:18080: bind: address already in use",
        "Bind for 0.0.0.0:18080 failed: port is already allocated",
        "listen tcp [::1]:18080: bind: address already in use"}) {
    EXPECT_NE(engine::hint_for(Fault::port_taken, text).find("18080"), std::string::npos) << text;
  }
}

TEST(Faults, TextComesFromJsonHtmlOrLines) {
  EXPECT_EQ(engine::error_text(R"({"cause":"c","message":"m\n","response":500})"), "m");
  EXPECT_EQ(engine::error_text("<html>\n<body><h1>502 Bad Gateway</h1>\n</body></html>"), "502 Bad Gateway");
  EXPECT_EQ(engine::error_text("client version 1.5 is too old\nmore"), "client version 1.5 is too old");
  EXPECT_EQ(engine::error_text(""), "");
  EXPECT_EQ(engine::number_after("while running runtime: exit status 7\n", "exit status"), 7);
  EXPECT_EQ(engine::number_after("killed", "exit status"), -1);
}

TEST_F(ScriptedEngine, BeginningOfAnIdIsNoName) {
  auto& engine = podman();
  server.on("GET", L + "/containers/cafe/json",
            answer(200, R"({"Id":"cafe1234","Name":"stranger","State":{}})"));
  EXPECT_FALSE(engine.find_container("cafe", call));
}

TEST_F(ScriptedEngine, JsonOfAnotherShapeIsSaid) {
  auto& engine = podman();
  server.on("GET", L + "/containers/c/json", answer(200, R"({"Id":7,"Name":"c"})"));
  const auto error = error_of([&] { engine.find_container("c", call); });
  EXPECT_NE(error.message().find("'Id'"), std::string::npos) << error.message();
  server.on("GET", L + "/containers/c/json", answer(200, R"({"Id":"x)"));
  EXPECT_EQ(error_of([&] { engine.find_container("c", call); }).fault(), Fault::cut);
}

TEST_F(ScriptedEngine, OddListsAreNotEmptyLists) {
  auto& engine = docker();
  const auto target = [&](const std::string& path) { return "/v1.41" + path; };
  const std::string any = "?filters=%7B%7D";
  const std::string containers = target("/containers/json?all=true&filters=%7B%7D");
  for (const char* odd : {"null", "{}", R"({"error":"x"})", "[{}]"}) {
    server.on("GET", containers, answer(200, odd));
    EXPECT_EQ(error_of([&] { engine.list_containers({.all = true}, call); }).fault(), Fault::failed) << odd;
    server.on("GET", target("/networks" + any), answer(200, odd));
    EXPECT_EQ(error_of([&] { engine.list_networks({}, call); }).fault(), Fault::failed) << odd;
    server.on("GET", target("/images/json" + any), answer(200, odd));
    EXPECT_EQ(error_of([&] { engine.list_images({}, call); }).fault(), Fault::failed) << odd;
  }
  for (const char* odd :
       {"null", "[]", "{}", R"({"error":"x"})", R"({"Volumes":{}})", R"({"Volumes":[{}]})"}) {
    server.on("GET", target("/volumes" + any), answer(200, odd));
    EXPECT_EQ(error_of([&] { engine.list_volumes({}, call); }).fault(), Fault::failed) << odd;
  }
  for (const char* none : {R"({"Volumes":null})", R"({"Volumes":[]})"}) {
    server.on("GET", target("/volumes" + any), answer(200, none));
    EXPECT_TRUE(engine.list_volumes({}, call).empty()) << none;
  }
}

TEST_F(ScriptedEngine, WhatWasInspectedHasAnId) {
  auto& engine = docker();
  server.on("GET", "/v1.41/containers/c/json", answer(200, "{}"));
  EXPECT_EQ(error_of([&] { engine.find_container("c", call); }).fault(), Fault::failed);
  server.on("GET", "/v1.41/images/i/json", answer(200, "{}"));
  EXPECT_EQ(error_of([&] { engine.find_image("i", call); }).fault(), Fault::failed);
  server.on("GET", "/v1.41/networks/n", answer(200, "{}"));
  EXPECT_EQ(error_of([&] { engine.find_network("n", call); }).fault(), Fault::failed);
  server.on("GET", "/v1.41/volumes/v", answer(200, "{}"));
  EXPECT_EQ(error_of([&] { engine.find_volume("v", call); }).fault(), Fault::failed);
}

TEST_F(ScriptedEngine, ContainerThatNeverRanHasNoTimes) {
  auto& engine = podman();
  server.on("GET", L + "/containers/c/json",
            answer(200, R"({"Id":"x","Name":"c","State":{"Status":"configured","ExitCode":0,
                           "StartedAt":"0001-01-01T00:00:00Z","FinishedAt":"0001-01-01T00:00:00Z"}})"));
  const auto container = engine.find_container("c", call);
  EXPECT_EQ(container->state, "created");
  EXPECT_FALSE(container->has_finished());
}

TEST_F(ScriptedEngine, OldDockerGetsItsFurtherNetworksOneByOne) {
  auto& engine = docker();
  server.on("POST", "/v1.41/containers/create?name=c", answer(201, R"({"Id":"x"})"));
  server.on("POST", "/v1.41/networks/b/connect", answer(200));
  EXPECT_EQ(
      engine.create_container({.name = "c", .image = "i", .networks = {{"a", {}}, {"b", {}}}}, call).hex,
      "x");
  const auto body = nlohmann::json::parse(server.requests()[2].body);
  EXPECT_EQ(body["NetworkingConfig"]["EndpointsConfig"].size(), 1U);
  EXPECT_EQ(body["HostConfig"]["NetworkMode"], "a");
  server.on("POST", "/v1.41/containers/create?name=c", answer(201, R"({"Id":"x"})"));
  server.on("POST", "/v1.41/networks/b/connect", answer(404, R"({"message":"network b not found"})"));
  server.on("DELETE", "/v1.41/containers/x?force=true&v=true", answer(204));
  EXPECT_EQ(error_of([&] {
              engine.create_container({.name = "c", .image = "i", .networks = {{"a", {}}, {"b", {}}}}, call);
            }).fault(),
            Fault::not_found);
}

engine::ContainerSpec full_spec() {
  engine::ContainerSpec spec;
  spec.name = "c";
  spec.image = "i:1";
  spec.command = {{"run"}};
  spec.environment = {{"B", "2"}, {"A", "1"}};
  spec.labels = {{"l", "v"}};
  spec.user = "1000";
  spec.networks = {{"n", {.aliases = {"web"}}}};
  spec.ports = {{.container_port = 80, .host_port = 8080, .host_ip = "127.0.0.1"}};
  engine::Mount volume;
  volume.type = engine::MountType::volume;
  volume.source = "v";
  volume.target = "/v";
  engine::Mount scratch;
  scratch.type = engine::MountType::tmpfs;
  scratch.target = "/t";
  scratch.tmpfs_mode = 01777;
  spec.mounts = {volume, scratch};
  engine::Healthcheck check;
  check.test = {"CMD", "a b", "c"};
  check.interval = std::chrono::seconds(1);
  check.timeout = std::chrono::seconds(2);
  spec.healthcheck = check;
  spec.memory = 1024;
  spec.nano_cpus = 500'000'000;
  spec.ulimits = {{"nofile", {1024, 2048}}};
  spec.stop_signal = "SIGINT";
  spec.restart_policy = "on-failure";
  spec.restart_retries = 2;
  spec.security_opt = {"no-new-privileges"};
  return spec;
}

TEST(CreateBody, InPodmansDialect) {
  EXPECT_EQ(
      engine::podman_container_body(full_spec()).dump(),
      R"({"command":["run"],"env":{"A":"1","B":"2"},)"
      R"("healthconfig":{"Interval":1000000000,"Retries":3,"StartPeriod":0,"Test":["CMD","a b","c"],"Timeout":2000000000},)"
      R"("image":"i:1","labels":{"l":"v"},)"
      R"("mounts":[{"destination":"/t","options":["rw","mode=1777"],"source":"tmpfs","type":"tmpfs"}],"name":"c",)"
      R"("netns":{"nsmode":"bridge"},"networks":{"n":{"aliases":["web"]}},"no_new_privileges":true,)"
      R"("portmappings":[{"container_port":80,"host_ip":"127.0.0.1","host_port":8080,"protocol":"tcp"}],)"
      R"("r_limits":[{"hard":2048,"soft":1024,"type":"nofile"},{"hard":4096,"soft":4096,"type":"nproc"}],)"
      R"("resource_limits":{"cpu":{"period":100000,"quota":50000},"memory":{"limit":1024,"swap":2048}},)"
      R"("restart_policy":"on-failure","restart_tries":2,"stdin":false,"stop_signal":2,"terminal":false,"user":"1000",)"
      R"("volumes":[{"Dest":"/v","Name":"v","Options":["rw"]}]})");
}

TEST(CreateBody, InDockersDialect) {
  EXPECT_EQ(
      engine::docker_container_body(full_spec(), true).dump(),
      R"({"Cmd":["run"],"Env":["A=1","B=2"],"ExposedPorts":{"80/tcp":{}},)"
      R"("Healthcheck":{"Interval":1000000000,"Retries":3,"StartPeriod":0,"Test":["CMD","a b","c"],"Timeout":2000000000},)"
      R"("HostConfig":{"Memory":1024,"Mounts":[{"ReadOnly":false,"Source":"v","Target":"/v","Type":"volume"}],)"
      R"("NanoCpus":500000000,"NetworkMode":"n","PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"}]},)"
      R"("RestartPolicy":{"MaximumRetryCount":2,"Name":"on-failure"},"SecurityOpt":["no-new-privileges"],)"
      R"("Tmpfs":{"/t":"exec,mode=1777"},"Ulimits":[{"Hard":2048,"Name":"nofile","Soft":1024}]},)"
      R"("Image":"i:1","Labels":{"l":"v"},"NetworkingConfig":{"EndpointsConfig":{"n":{"Aliases":["web"]}}},)"
      R"("OpenStdin":false,"StopSignal":"SIGINT","Tty":false,"User":"1000"})");
}

TEST(CreateBody, ANamedVolumeMayHaveALabel) {
  engine::ContainerSpec spec;
  spec.mounts = {
      {.type = engine::MountType::volume, .source = "v", .target = "/v", .selinux = "Z", .no_copy = true}};
  EXPECT_EQ(engine::docker_container_body(spec, true)["HostConfig"]["Binds"].dump(),
            R"(["v:/v:rw,Z,nocopy"])");
  EXPECT_EQ(engine::podman_container_body(spec)["volumes"].dump(),
            R"([{"Dest":"/v","Name":"v","Options":["rw","nocopy","Z"]}])");
}

TEST(CreateBody, FlagsOfATmpfsReachTheEngine) {
  engine::ContainerSpec spec;
  spec.mounts = {
      {.type = engine::MountType::tmpfs, .source = "", .target = "/a", .tmpfs_flags = {"nosuid", "exec"}},
      {.type = engine::MountType::tmpfs, .source = "", .target = "/b", .tmpfs_flags = {"noexec"}}};
  EXPECT_EQ(engine::docker_container_body(spec, true)["HostConfig"]["Tmpfs"].dump(),
            R"({"/a":"exec,nosuid","/b":"noexec"})");
  EXPECT_EQ(engine::podman_container_body(spec)["mounts"][1]["options"].dump(), R"(["rw","noexec"])");
}

TEST(CreateBody, SignalsHaveNumbers) {
  EXPECT_EQ(engine::signal_number("SIGTERM"), 15);
  EXPECT_EQ(engine::signal_number("quit"), 3);
  EXPECT_EQ(engine::signal_number("9"), 9);
  EXPECT_EQ(engine::signal_number("SIGRTMIN+3"), 37);
  EXPECT_EQ(engine::signal_number("SIGNOTHING"), 0);
}

}  // namespace
}  // namespace fresh::test
