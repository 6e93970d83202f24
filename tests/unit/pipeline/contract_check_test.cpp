#include "pipeline/contract_check.h"

#include "base/error.h"
#include "pipeline/contract_http.h"
#include "support/fake_engine.h"
#include "support/scripted_server.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

constexpr const char* no_program = "exec: \"x\": executable file not found in $PATH";
constexpr const char* sockets =
    "  sl  local_address rem_address   st tx_queue\n"
    "   0: 00000000:1F40 00000000:0000 0A 00000000\n"
    "   1: 0100007F:1F41 00000000:0000 01 00000000\n"
    "   2: 00000000000000000000000000000000:2352 00000000000000000000000000000000:0000 0A 0\n";

/// One running container `c` of the fake engine.
class ContractCheck : public ::testing::Test {
 protected:
  ContractCheck() {
    engine.add_image("localhost/x:1", std::string(64, 'a'));
    engine.create_container({.name = "c", .image = "localhost/x:1"}, {});
    engine.start_container("c", {});
    contract.service = "api";
  }

  void answers(const std::string& command, int code, const std::string& out) {
    engine.behaviour("c").execs[command] = {.exit_code = code, .out = out, .err = {}};
  }
  ContractResult check() { return check_contract(contract, *engine.find_container("c", {}), engine, {}); }
  /// The one violation as a sentence; empty when the contract holds.
  std::string violation() {
    const auto result = check();
    EXPECT_LE(result.violations.size(), 1U);
    return result.violations.empty() ? "" : sentence(result.violations.front());
  }

  test::FakeEngine engine;
  Contract contract;
};

TEST_F(ContractCheck, TellsTheLengthOfAVariableAndNeverItsValue) {
  contract.env = "TOKEN";
  contract.min_length = 9;
  answers("printenv TOKEN", 0, "s3cret-is\n");
  EXPECT_EQ(check().facts, std::vector<std::string>{"TOKEN has 9 characters"});
  contract.min_length = 10;
  const auto said = violation();
  EXPECT_NE(said.find("expected variable 'TOKEN' has 10 characters or more, found 9"), std::string::npos)
      << said;
  EXPECT_EQ(said.find("s3cret"), std::string::npos) << said;
  answers("printenv TOKEN", 1, "");
  EXPECT_NE(violation().find("found not set"), std::string::npos);
  EXPECT_EQ(check().violations.at(0).remedy, "set 'TOKEN' under 'environment' of 'api' in the compose file");
  answers("printenv TOKEN", 0, "\n");
  EXPECT_NE(violation().find("found empty"), std::string::npos);
}

TEST_F(ContractCheck, AMissingProgramIsNoPass) {
  contract.env = "TOKEN";
  answers("printenv TOKEN", 127, no_program);
  EXPECT_NE(violation().find("the image has no 'printenv' to look with"), std::string::npos);
  contract.env.clear();
  contract.port = 8000;
  answers("cat /proc/net/tcp /proc/net/tcp6", 127, no_program);
  EXPECT_NE(violation().find("the image has no 'cat' to look with"), std::string::npos);
}

TEST_F(ContractCheck, AnOpenPortIsOneThatSomethingListensOn) {
  answers("cat /proc/net/tcp /proc/net/tcp6", 1, sockets);
  contract.port = 8000;
  EXPECT_EQ(violation(), "");
  contract.port = 9042;
  EXPECT_EQ(violation(), "");
  contract.port = 8001;
  EXPECT_NE(violation().find("expected port 8001 is open, found nothing listens on it"), std::string::npos)
      << "a connection is no listener";
}

TEST_F(ContractCheck, SocketsAreReadWithCare) {
  EXPECT_FALSE(listens("", 8000));
  EXPECT_FALSE(listens("0: nonsense", 8000));
  EXPECT_FALSE(listens("0: 00000000:1F40zz 0:0 0A", 8000));
  EXPECT_FALSE(listens("0: 00000000: 0:0 0A", 0));
  EXPECT_TRUE(listens("0: 00000000:1F40 0:0 0A", 8000));
}

TEST_F(ContractCheck, AProcessIsFoundByItsCommandLine) {
  contract.process = "c";
  EXPECT_EQ(violation(), "");
  contract.process = "java";
  EXPECT_NE(violation().find("expected a process 'java' runs, found only c"), std::string::npos);
}

TEST_F(ContractCheck, RootIsFound) {
  contract.not_root = true;
  answers("id -u", 0, "0\n");
  EXPECT_NE(violation().find("found uid 0"), std::string::npos);
  answers("id -u", 0, "1000\n");
  EXPECT_EQ(violation(), "");
}

TEST_F(ContractCheck, OwnerModeAndWritable) {
  contract.path = "/data";
  contract.owner = "app";
  contract.mode = "0750";
  contract.writable = true;
  answers("stat -c %U:%G %a /data", 0, "app:app 750\n");
  answers("test -w /data", 0, "");
  EXPECT_EQ(violation(), "");
  answers("test -w /data", 1, "");
  EXPECT_NE(violation().find("found not writable; owner app:app, mode 750"), std::string::npos);
  EXPECT_NE(check().violations.at(0).remedy.find("mend '/data' in the image of 'api'"), std::string::npos);
  answers("test -w /data", 0, "");
  answers("stat -c %U:%G %a /data", 0, "root:root 755\n");
  EXPECT_EQ(check().violations.size(), 2U);
}

TEST_F(ContractCheck, AContainerThatEndedMeanwhileBreaksTheContract) {
  const auto container = *engine.find_container("c", {});
  contract.env = "TOKEN";
  contract.process = "c";
  engine.end("c", 137);
  const auto result = check_contract(contract, container, engine, {});
  ASSERT_EQ(result.violations.size(), 2U);
  EXPECT_NE(sentence(result.violations[0]).find("is not running"), std::string::npos);
  EXPECT_EQ(result.violations[0].remedy, "read what it wrote: fresh-clone logs api");
}

TEST_F(ContractCheck, AnEndpointIsAskedThroughItsPublishedPort) {
  test::ScriptedServer server(test::ScriptedServer::Transport::tcp);
  server.on("GET", "/health?x=1", test::until_close({R"({"status":"ok"})"}));
  auto container = *engine.find_container("c", {});
  const auto port = std::stoi(server.address().substr(server.address().rfind(':') + 1));
  container.ports = {
      {.container_port = 8000, .host_port = static_cast<std::uint16_t>(port), .host_ip = "0.0.0.0"}};
  contract.http = HttpContract{.port = 8000, .path = "/health?x=1", .pointer = "/status", .equals = "ok"};
  EXPECT_TRUE(check_contract(contract, container, engine, {}).violations.empty());
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(ContractCheck, AnUnpublishedEndpointIsAskedFromInside) {
  contract.http = HttpContract{.port = 8000};
  const auto said = violation();
  EXPECT_NE(said.find("expected port 8000 path / answers 200"), std::string::npos) << said;
  const auto calls = engine.calls();
  EXPECT_NE(calls.back().find("exec c python3 -c"), std::string::npos) << calls.back();
  EXPECT_NE(calls.back().find("http://127.0.0.1:8000/"), std::string::npos) << calls.back();
}

std::string mismatch(const HttpContract& contract, const HttpAnswer& answer) {
  const auto found = judge_http(contract, answer);
  return found ? found->expected + " | " + found->found : "";
}

TEST(ContractHttp, JudgesStatusAndBody) {
  HttpContract contract{.port = 80, .path = "/h"};
  EXPECT_EQ(mismatch(contract, {.status = 200, .body = "no JSON"}), "");
  EXPECT_EQ(mismatch(contract, {.status = 503, .body = "down"}), "port 80 path /h answers 200 | 503: down");
  EXPECT_EQ(mismatch(contract, {.error = "refused"}), "port 80 path /h answers 200 | refused");
  contract.pointer = "/nodes/0/name";
  EXPECT_EQ(mismatch(contract, {.status = 200, .body = R"({"nodes":[{"name":null}]})"}), "");
  EXPECT_EQ(mismatch(contract, {.status = 200, .body = R"({"nodes":[]})"}),
            "port 80 path /h has '/nodes/0/name' | nothing there");
  EXPECT_EQ(mismatch(contract, {.status = 200, .body = R"({"nodes":7})"}),
            "port 80 path /h has '/nodes/0/name' | nothing there");
  EXPECT_EQ(mismatch(contract, {.status = 200, .body = "<html>"}),
            "port 80 path /h has '/nodes/0/name' | no JSON: <html>");
  contract.equals = "3";
  EXPECT_EQ(mismatch(contract, {.status = 200, .body = R"({"nodes":[{"name":3}]})"}), "");
  EXPECT_EQ(mismatch(contract, {.status = 200, .body = R"({"nodes":[{"name":"3"}]})"}), "");
  EXPECT_EQ(mismatch(contract, {.status = 200, .body = R"({"nodes":[{"name":true}]})"}),
            "port 80 path /h has '/nodes/0/name' equal to '3' | 'true'");
}

}  // namespace
}  // namespace fresh::pipeline
