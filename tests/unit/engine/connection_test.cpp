#include "base/error.h"
#include "base/sha256.h"
#include "engine/connections.h"
#include "engine/resolve.h"
#include "engine/socket_engine.h"
#include "support/scripted_server.h"

#include <gtest/gtest.h>

namespace fresh::engine {
namespace {

TEST(Endpoint, ReadsTheFormsThatPeopleWrite) {
  EXPECT_EQ(parse_endpoint("unix:///run/p.sock").path, "/run/p.sock");
  EXPECT_EQ(parse_endpoint("/run/p.sock").text(), "unix:///run/p.sock");
  const auto ssh = parse_endpoint("ssh://core@localhost:45315/run/user/1001/podman/podman.sock");
  EXPECT_EQ(ssh.scheme, Scheme::ssh);
  EXPECT_EQ(ssh.user, "core");
  EXPECT_EQ(ssh.port, 45315);
  EXPECT_EQ(ssh.text(), "ssh://core@localhost:45315/run/user/1001/podman/podman.sock");
  const auto tcp = parse_endpoint("tcp://[::1]:2376");
  EXPECT_EQ(tcp.host, "[::1]");
  EXPECT_EQ(tcp.port, 2376);
  EXPECT_TRUE(parse_endpoint("https://h:1").tls);
}

TEST(Endpoint, RefusesTheRestAndQuotesIt) {
  for (const std::string uri : {"", "unix://run/x.sock", "run/x.sock", "ftp://x", "tcp://", "tcp://h:0",
                                "tcp://h:99999", "tcp://h:12x", "unix:///a b", "ssh://@/x"}) {
    try {
      parse_endpoint(uri);
      ADD_FAILURE() << "'" << uri << "' was accepted";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::usage);
      EXPECT_NE(error.message().find("'" + uri + "'"), std::string::npos);
    }
  }
  EXPECT_THROW(parse_endpoint("unix:///" + std::string(107, 'x')), base::Error);
  EXPECT_THROW(parse_endpoint("tcp://user:password@h:1"), base::Error);
}

/// A host made of data.
ResolveRequest host(std::map<std::string, std::string> environment,
                    std::map<std::string, std::string> files = {}, std::string answering = {}) {
  ResolveRequest request;
  request.environment = std::move(environment);
  request.home = "/home/u";
  request.uid = 1001;
  request.read_file = [files](const std::string& path) -> std::optional<std::string> {
    const auto found = files.find(path);
    return found == files.end() ? std::nullopt : std::optional(found->second);
  };
  request.answers = [answering](const std::string& socket) { return socket == answering; };
  return request;
}

const std::string context_key = base::sha256_hex("ea1");

TEST(Resolve, TakesTheFirstThatIsNamed) {
  const std::map<std::string, std::string> files{
      {"/home/u/.docker/config.json", R"({"currentContext":"ea1"})"},
      {"/home/u/.docker/contexts/meta/" + context_key + "/meta.json",
       R"({"Name":"ea1","Endpoints":{"docker":{"Host":"unix:///context.sock","SkipTLSVerify":false}}})"},
      {"/home/u/.config/containers/containers.conf",
       "[engine]\nactive_service = \"m1\" # the machine\n[engine.service_destinations.m1]\n"
       "uri = \"ssh://core@localhost:1/p.sock\"\nidentity = \"/home/u/.ssh/m1\"\n"}};
  auto request = host({{"CONTAINER_HOST", "unix:///container.sock"}, {"DOCKER_HOST", "unix:///docker.sock"}},
                      files, "/run/podman/podman.sock");
  request.flag = "unix:///flag.sock";
  EXPECT_EQ(resolve(request)->endpoint.path, "/flag.sock");
  request.flag.clear();
  EXPECT_EQ(resolve(request)->origin, "CONTAINER_HOST");
  request.environment.erase("CONTAINER_HOST");
  EXPECT_EQ(resolve(request)->origin, "DOCKER_HOST");
  request.environment.erase("DOCKER_HOST");
  EXPECT_EQ(resolve(request)->origin, "docker context 'ea1'");
  EXPECT_EQ(resolve(request)->endpoint.path, "/context.sock");
  request.environment["DOCKER_CONTEXT"] = "default";
  const auto machine = resolve(request);
  EXPECT_EQ(machine->origin, "podman connection 'm1'");
  EXPECT_EQ(machine->endpoint.identity, "/home/u/.ssh/m1");
}

TEST(Resolve, NewerPodmanKeepsConnectionsInJson) {
  const auto request = host(
      {},
      {{"/home/u/.config/containers/podman-connections.json",
        R"({"Connection":{"Default":"m","Connections":{"m":{"URI":"ssh://c@h:2/s","Identity":"/i"}}},"Farm":{}})"}});
  EXPECT_EQ(resolve(request)->endpoint.text(), "ssh://c@h:2/s");
}

TEST(Resolve, ConnectionOfARemovedMachineIsPassedOverAndSaid) {
  auto request = host({}, {{"/etc/containers/containers.conf", "[engine]\nactive_service = 'm1'\n"}},
                      "/var/run/docker.sock");
  std::string said;
  request.note = [&](const std::string& note) { said = note; };
  EXPECT_EQ(resolve(request)->endpoint.path, "/var/run/docker.sock");
  EXPECT_NE(said.find("'m1'"), std::string::npos);
}

TEST(Resolve, MissingContextIsAnError) {
  EXPECT_THROW(resolve(host({{"DOCKER_CONTEXT", "gone"}}, {}, "/var/run/docker.sock")), base::Error);
  EXPECT_THROW(resolve(host({}, {{"/home/u/.docker/config.json", "{broken"}})), base::Error);
}

TEST(Resolve, WhatIsNamedIsUsedDeadOrNot) {
  const auto resolved = resolve(host({{"DOCKER_HOST", "unix:///dead.sock"}}, {}, "/var/run/docker.sock"));
  EXPECT_EQ(resolved->endpoint.path, "/dead.sock");
}

TEST(Resolve, DefaultSocketsInOrder) {
  EXPECT_EQ(default_sockets(host({{"XDG_RUNTIME_DIR", "/x"}})).front(), "/x/podman/podman.sock");
  EXPECT_EQ(resolve(host({}, {}, "/tmp/podman-run-1001/podman/podman.sock"))->origin, "default socket");
  EXPECT_FALSE(resolve(host({})));
}

TEST(Resolve, DockerHostWithTls) {
  const auto resolved = resolve(
      host({{"DOCKER_HOST", "tcp://h:2376"}, {"DOCKER_TLS_VERIFY", "1"}, {"DOCKER_CERT_PATH", "/certs"}}));
  ASSERT_TRUE(resolved->endpoint.tls);
  EXPECT_EQ(resolved->endpoint.tls->key, "/certs/key.pem");
  try {
    connect(*resolved, {});
    FAIL() << "tcp was connected";
  } catch (const base::Error& error) {
    EXPECT_NE(error.message().find("come later"), std::string::npos);
  }
}

TEST(Negotiate, StaysWithinWhatTheEngineSpeaks) {
  EXPECT_EQ(negotiate("1.12", "1.41"), "1.41");
  EXPECT_EQ(negotiate("1.24", "1.45"), "1.41");
  EXPECT_EQ(negotiate("1.44", "1.52"), "1.44");
  EXPECT_EQ(negotiate("1.12", "1.39"), "1.39");
  EXPECT_EQ(negotiate("", ""), "1.41");
  EXPECT_TRUE(api_older("1.9", "1.41"));
  EXPECT_FALSE(api_older("1.44", "1.44"));
}

ResolvedEndpoint endpoint_of(const test::ScriptedServer& server) {
  Endpoint endpoint;
  endpoint.path = server.socket();
  return {endpoint, "--engine", "named"};
}

TEST(Connect, AnEngineThatHangsIsAFailureOfTheMachine) {
  test::ScriptedServer server;
  server.on("GET", "/_ping", test::silence());
  try {
    connect(endpoint_of(server), {.deadline = std::chrono::milliseconds(50)});
    FAIL() << "connected";
  } catch (const EngineError& error) {
    EXPECT_EQ(error.code(), base::ExitCode::machine);
    EXPECT_NE(error.message().find("takes connections but did not answer"), std::string::npos)
        << error.message();
    EXPECT_FALSE(error.hint().empty());
  }
}

TEST(Connect, AnEngineThatSaysNothingOfItselfIsAFailureOfTheMachine) {
  test::ScriptedServer server;
  server.on("GET", "/_ping",
            test::answer(200, "OK", {{"Libpod-API-Version", "4.3.1"}, {"API-Version", "1.41"}}));
  server.on("GET", "/v4.0.0/libpod/info", test::silence());
  const auto engine = connect(endpoint_of(server), {.deadline = std::chrono::seconds(5)});
  try {
    engine->info({.deadline = std::chrono::milliseconds(50)});
    FAIL() << "answered";
  } catch (const EngineError& error) {
    EXPECT_EQ(error.code(), base::ExitCode::machine);
  }
}

}  // namespace
}  // namespace fresh::engine
