#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "vault/client.h"
#include "vault/key_file.h"
#include "vault/spec.h"

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::vault {

/// What makes a vault answer for itself.
enum class Opening {
  nothing,     ///< it is open
  unseal,      ///< with the keys that were kept
  initialise,  ///< it is fresh; a key file that is there belonged to another
};

/// The decision (pure). Throws base::Error (contract) for a vault whose keys are lost, with the remedy.
Opening decide(const Health& health, bool has_keys, const VaultSpec& spec);

struct OpenOptions {
  const base::Clock& clock;
  base::EventSink sink = base::ignore_event;
  std::stop_token stop = {};
  std::chrono::milliseconds timeout{120'000};  ///< until the API must answer, and until it must be open
  Home home;                                   ///< of the vault that is opened, kept with its keys
  /// Called with every key and token before anything else is done with them.
  std::function<void(const std::vector<std::string>&)> hide;
};

/// What was done, and the keys that open it.
struct Opened {
  std::string action;  ///< `initialised`, `unsealed`, `already open`
  Health health;
  Keys keys;
};

/// Waits for the API, then makes the vault open: never initialises one that is initialised, never overwrites
/// a key file. Afterwards it is initialised, unsealed and active, or this throws base::Error (contract).
Opened open(Client& client, const VaultSpec& spec, const KeyFile& key_file, const OpenOptions& options);

/// Asks until the vault is open; throws when it is not at the deadline.
Health await_open(Client& client, const VaultSpec& spec, const OpenOptions& options);

}  // namespace fresh::vault
