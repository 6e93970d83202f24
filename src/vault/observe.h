#pragma once

#include "engine/engine.h"
#include "vault/client.h"
#include "vault/spec.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fresh::vault {

/// What the vault shall hold, with the values of the credentials: secret as a whole.
struct Declared {
  struct Role {
    std::string role_id;
    std::string secret_id;
    std::set<std::string> policies;
  };
  struct Ticket {
    std::string id;
    std::set<std::string> policies;
  };
  std::string mount;
  std::map<std::string, std::string> policies;
  std::map<std::string, std::map<std::string, std::string>> secrets;
  std::map<std::string, Role> approles;
  std::map<std::string, Ticket> tokens;

  bool empty() const { return policies.empty() && secrets.empty() && approles.empty() && tokens.empty(); }
};

/// `values` maps each credential of the spec to its value.
Declared declared(const VaultSpec& spec, const std::map<std::string, std::string>& values);

/// What the vault holds of what is declared: a snapshot.
struct Observed {
  struct Mount {
    std::string type;
    std::string version;
  };
  struct Role {
    std::string role_id;
    std::set<std::string> policies;
    std::vector<std::string> accessors;     ///< of all its secret ids
    std::optional<std::string> accessor{};  ///< of the declared secret id, where it is one of them
  };
  struct Ticket {
    std::set<std::string> policies;
    std::int64_t ttl = 0;     ///< seconds until it ends; 0: never
    std::int64_t period = 0;  ///< seconds that a renewal gives
  };
  std::optional<Mount> mount = {};
  bool has_approle = false;
  std::map<std::string, std::string> policies = {};
  std::map<std::string, std::map<std::string, std::string>> secrets = {};
  std::map<std::string, Role> approles = {};
  std::map<std::string, Ticket> tokens = {};
};

/// Asks for each thing that is declared, nothing else.
Observed observe(Client& client, const Declared& declared, const engine::Call& call);

}  // namespace fresh::vault
