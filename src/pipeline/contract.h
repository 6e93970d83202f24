#pragma once

#include "document/node.h"
#include "engine/engine.h"

#include <optional>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// An endpoint that must answer: `url` is asked from this machine, `port` and `path` from where the service
/// is.
struct HttpContract {
  std::string url = {};
  int port = 0;
  std::string path = "/";
  int status = 200;
  std::string pointer = {};  ///< JSON pointer into the body (RFC 6901); empty: the body is not looked at
  std::optional<std::string> equals = {};  ///< what stands there: the text of a string, else its JSON
};

/// One entry of `contracts:` in fresh-clone.yaml: what must hold inside a running service (gate G6).
struct Contract {
  std::string service;
  int stays_healthy = 0;                  ///< probes in a row that its health check must pass; 0: not asked
  std::vector<std::string> imports = {};  ///< Python modules that must import
  std::string path = {};                  ///< a path that must exist
  std::string owner = {};                 ///< `user` or `user:group` of the path
  std::string mode = {};                  ///< octal permission bits of the path, e.g. `750`
  bool writable = false;                  ///< the service's own user can write the path
  std::string env = {};        ///< a variable that must be set and not empty; its value is never shown
  std::size_t min_length = 0;  ///< characters that the variable has at least
  std::optional<HttpContract> http = {};
  int port = 0;              ///< a TCP port that something in the container listens on
  std::string process = {};  ///< a text that the command line of a running process holds
  bool not_root = false;     ///< the service's user is not root
  document::Place place = {};
};

/// Reads `contracts:`; an entry must ask for something. Throws base::Error with the place.
std::vector<Contract> load_contracts(const document::Node* node);

/// A contract in a few words: `imports pydantic, numpy`.
std::string shown(const Contract& contract);

}  // namespace fresh::pipeline
