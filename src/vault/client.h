#pragma once

#include "engine/http.h"
#include "vault/spec.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fresh::vault {

/// What `sys/health` says.
struct Health {
  bool initialized = false;
  bool sealed = true;
  bool standby = false;
  std::string version = {};

  /// Initialised, unsealed and answering for itself.
  bool is_open() const { return initialized && !sealed && !standby; }
};

/// What `sys/seal-status` says.
struct SealStatus {
  bool sealed = true;
  int threshold = 0;
  int shares = 0;
  int progress = 0;  ///< keys that somebody has given already
};

/// What `sys/init` answers, once in the life of a vault.
struct Initialised {
  std::vector<std::string> keys;  ///< the unseal keys in hex
  std::string root_token;
};

/// A complete answer with its JSON text.
struct Reply {
  int status = 0;
  std::string body = {};
};

/// The Vault refused. Its words are in the message; `status` is the HTTP status.
class Refusal : public base::Error {
 public:
  Refusal(int status, std::string message, std::string hint)
      : Error(base::ExitCode::contract, std::move(message), std::move(hint)), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

/// The HTTP API of one Vault: one function is one call. All throw base::Error (contract): Refusal for what
/// the Vault says no to, else with the reason why it could not be asked. No message holds a key or a token.
class Client {
 public:
  explicit Client(const VaultSpec& spec);

  /// Nothing while nobody answers, or not with the API of a Vault; `why` says what was there instead. A
  /// certificate that does not verify is thrown: waiting would not mend it.
  std::optional<Health> health(const engine::Call& call, std::string& why);
  SealStatus seal_status(const engine::Call& call);
  /// Not to be stopped by anybody: what this answers cannot be asked for again.
  Initialised initialise(int shares, int threshold, std::chrono::milliseconds deadline);
  /// Gives one key; the state afterwards.
  SealStatus unseal(const std::string& key, const engine::Call& call);
  /// Forgets the keys that an unfinished unsealing has gathered.
  void forget_progress(const engine::Call& call);

  /// The token that the calls below are made with.
  void use_token(std::string token) { token_ = std::move(token); }
  /// The body; nothing for what does not exist (404).
  std::optional<std::string> read(const std::string& path, const engine::Call& call);
  /// POST of a JSON text; the answer.
  Reply write(const std::string& path, const std::string& body, const engine::Call& call);

 private:
  Reply ask(const std::string& method, const std::string& path, const std::string& body,
            const engine::Call& call);

  std::string address_;
  engine::HttpClient http_;
  std::string token_;
};

}  // namespace fresh::vault
