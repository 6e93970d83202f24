#pragma once

#include "support/fake_clock.h"
#include "support/scripted_server.h"
#include "vault/client.h"
#include "vault/key_file.h"
#include "vault/open.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace fresh::vault {

inline constexpr const char* health_target = "/v1/sys/health?standbyok=true&uninitcode=200&sealedcode=200";

/// A scripted server in the place of a Vault, a folder for the key file, and all that opening one needs.
class ScriptedVault {
 public:
  ScriptedVault() {
    spec.service = "vault";
    spec.address = server.address();
    spec.endpoint = engine::parse_endpoint(spec.address);
    spec.keys = ".vault-keys";
    spec.shares = 3;
    spec.threshold = 2;
  }

  void answers_health(bool initialized, bool sealed) {
    server.on(
        "GET", health_target,
        test::answer(200, fmt::format(R"({{"initialized":{},"sealed":{},"standby":false,"version":"1.2"}})",
                                      initialized, sealed)));
  }
  void answers_seal_status(int progress) {
    server.on("GET", "/v1/sys/seal-status",
              test::answer(200, fmt::format(R"({{"sealed":true,"t":2,"n":3,"progress":{}}})", progress)));
  }
  void answers_unseal(bool sealed) {
    server.on("PUT", "/v1/sys/unseal",
              test::answer(200, fmt::format(R"({{"sealed":{},"t":2,"n":3,"progress":0}})", sealed)));
  }

  OpenOptions options() {
    return {.clock = clock,
            .sink = [this](const base::Event& event) { said.push_back(event.text); },
            .timeout = std::chrono::seconds(2),
            .home = {.engine = "unix:///e.sock", .holders = {"volume:data"}},
            .hide =
                [this](const std::vector<std::string>& values) {
                  hidden.insert(hidden.end(), values.begin(), values.end());
                }};
  }

  /// The requests that change something, with their bodies.
  std::vector<std::string> changes() const {
    std::vector<std::string> result;
    for (const auto& request : server.requests()) {
      if (request.method != "GET") {
        result.push_back(request.method + " " + request.target + " " + request.body);
      }
    }
    return result;
  }

  test::ScriptedServer server{test::ScriptedServer::Transport::tcp};
  base::TemporaryFolder folder{"fv"};
  test::FakeClock clock;
  VaultSpec spec;
  KeyFile file{folder.path() / ".vault-keys", folder.path() / "state"};
  Keys kept{.home = {.engine = "unix:///e.sock", .holders = {"volume:data"}},
            .threshold = 2,
            .unseal = {"aaaa1111", "bbbb2222", "cccc3333"},
            .root_token = "root-token"};
  std::vector<std::string> said;
  std::vector<std::string> hidden;
};

/// The message and the hint of the Error that `action` throws, which must be of gate G5's family.
template <typename Action>
std::string refusal(Action&& action) {
  try {
    action();
  } catch (const base::Error& error) {
    return (error.code() == base::ExitCode::contract ? "" : "(not a contract error) ") + error.message() +
           "\nhint: " + error.hint();
  }
  return "(nothing was thrown)";
}

}  // namespace fresh::vault
