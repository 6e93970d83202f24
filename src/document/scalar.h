#pragma once

#include "document/node.h"

#include <string>
#include <string_view>

namespace fresh::document {

/// The kind of a plain scalar by the core schema of YAML 1.2 (section 10.3.2).
Kind core_kind(std::string_view text);

/// The kind of a plain scalar as go-yaml v3 resolves it, which docker compose reads its files with: `0440` is
/// octal, `1_000` a whole number, `2024-01-15` a time. Rewrites `text` to the value as Go prints it (`0x1F`
/// to `31`, `1.10` to `1.1`): that is what compose puts where text is wanted.
Kind go_kind(std::string& text);

/// `2024-01-15T10:00:00+02:00` from `2024-01-15 10:00:00 +0200 +0200`, as go_kind writes a time.
std::string rfc3339(std::string_view go_time);

/// A number as Go's %v prints it: the shortest digits that read back, an exponent from 1e+06 on. `single`
/// rounds to 32 bits first.
std::string go_number(double value, bool single = false);

}  // namespace fresh::document
