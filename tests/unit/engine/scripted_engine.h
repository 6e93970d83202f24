#pragma once

#include "engine/socket_engine.h"
#include "support/scripted_server.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace fresh::test {

/// A client of a scripted engine, connected: `_ping` (and `/version`) are behind it.
class ScriptedEngine : public testing::Test {
 protected:
  engine::Engine& podman() {
    server.on("GET", "/_ping", answer(200, "OK", {{"Libpod-API-Version", "4.3.1"}, {"Api-Version", "1.41"}}));
    return connected();
  }
  engine::Engine& docker(const std::string& minimum = "1.12", const std::string& maximum = "1.41") {
    server.on("GET", "/_ping", answer(200, "OK", {{"Api-Version", maximum}}));
    server.on("GET", "/version",
              answer(200, R"({"Version":"20.10.24","ApiVersion":")" + maximum + R"(","MinAPIVersion":")" +
                              minimum + R"("})"));
    return connected();
  }
  /// What `action` throws; fails the test when it does not.
  template <typename Action>
  engine::EngineError error_of(Action&& action) {
    try {
      action();
    } catch (const engine::EngineError& error) {
      return error;
    }
    ADD_FAILURE() << "no EngineError was thrown";
    return {base::ExitCode::bug, engine::Fault::failed, 0, ""};
  }
  void TearDown() override {
    EXPECT_EQ(server.unexpected(), std::vector<std::string>{});
    EXPECT_EQ(server.unused(), std::vector<std::string>{});
  }

  ScriptedServer server;
  const engine::Call call{};
  /// Where the client looks for credentials of registries; set before it is connected.
  engine::CredentialRequest credentials = {};

 private:
  engine::Engine& connected() {
    engine::Endpoint endpoint;
    endpoint.path = server.socket();
    engine_ = engine::connect({endpoint, "test", ""}, call, credentials);
    return *engine_;
  }
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace fresh::test
