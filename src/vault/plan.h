#pragma once

#include "vault/observe.h"

#include <string>
#include <vector>

namespace fresh::vault {

/// One call that changes the vault.
struct Step {
  std::string subject;  ///< `vault:policy:api`
  std::string cause;    ///< `does not exist`, `differs`
  std::string path;     ///< below /v1/
  std::string body;     ///< JSON; may hold secrets, is never shown
};

/// What makes the vault hold what is declared (pure), in the order of the calls; empty when it does. What is
/// not declared is left alone, but for further secret ids of a declared role: they are destroyed. Throws
/// base::Error (contract) for a mount that is no KV engine of version 2.
std::vector<Step> plan(const Declared& declared, const Observed& observed);

/// One line a step: `write vault:policy:api (differs)`; no secrets.
std::string to_text(const std::vector<Step>& steps);

}  // namespace fresh::vault
