#pragma once

#include "vault/open.h"
#include "vault/plan.h"

#include <map>
#include <string>

namespace fresh::vault {

/// What came of a vault.
struct Result {
  std::string action;       ///< `initialised`, `unsealed`, `already open`
  Health health;            ///< at the end: initialised and not sealed
  std::size_t changes = 0;  ///< calls that made its content what is declared
};

/// Opens the vault, makes its content what is declared, and asks for its health once more. `values` maps each
/// credential to its value. Throws base::Error (contract) with the remedy, base::Interrupted on stop.
Result bring_up(const VaultSpec& spec, const KeyFile& key_file,
                const std::map<std::string, std::string>& values, const OpenOptions& options);

}  // namespace fresh::vault
