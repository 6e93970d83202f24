#pragma once

#include "document/node.h"
#include "engine/endpoint.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace fresh::vault {

/// A login for a service. The role id and the secret id are the values of credentials.
struct AppRole {
  std::string role_id;    ///< name of a credential
  std::string secret_id;  ///< name of a credential
  std::set<std::string> policies = {};
};

/// A token whose id is the value of a credential.
struct Token {
  std::string credential;
  std::set<std::string> policies = {};
};

/// `vault:` of fresh-clone.yaml: a service of the stack that speaks the Vault API, and what it must hold.
struct VaultSpec {
  std::string service;
  std::string address = {};  ///< as written: `http://127.0.0.1:18200`
  engine::Endpoint endpoint = {};
  int shares = 5;
  int threshold = 3;
  std::filesystem::path keys = {};                   ///< the key file, relative to the project
  std::string mount = "secret";                      ///< of the KV engine, version 2
  std::map<std::string, std::string> policies = {};  ///< name -> the text of its file
  std::map<std::string, std::map<std::string, std::string>> secrets = {};  ///< path -> key -> credential
  std::map<std::string, AppRole> approles = {};
  std::map<std::string, Token> tokens = {};
  document::Place place = {};

  /// Every credential that is named, for the check against `credentials:`.
  std::set<std::string> credentials() const;
};

}  // namespace fresh::vault
