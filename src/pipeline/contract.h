#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document/node.h"
#include "engine/engine.h"

namespace fresh::pipeline {

/// One entry of `contracts:` in fresh-clone.yaml: what must hold inside a running service (gate G6).
struct Contract {
  std::string service;
  std::vector<std::string> imports = {};  ///< Python modules that must import
  std::string path = {};                  ///< a path that must exist
  std::string owner = {};                 ///< `user` or `user:group` of the path
  std::string mode = {};                  ///< octal permission bits of the path, e.g. `750`
  bool writable = false;                  ///< the service's own user can write the path
  std::string env = {};                   ///< a variable that must be set and not empty; its value is never shown
  bool not_root = false;                  ///< the service's user is not root
  document::Place place = {};
};

/// Reads `contracts:`; an entry must ask for something. Throws base::Error with the place.
std::vector<Contract> load_contracts(const document::Node* node);

struct Violation {
  std::string subject;   ///< `contract:analytics-api`
  std::string expected;
  std::string found;
};

/// Checks one contract in `container` by exec; empty when it holds. `deadline` bounds each command.
std::vector<Violation> check_contract(const Contract& contract, const std::string& container, engine::Engine& engine,
                                      const engine::Call& call);

/// A contract in a few words: `imports pydantic, numpy`.
std::string shown(const Contract& contract);

}  // namespace fresh::pipeline
