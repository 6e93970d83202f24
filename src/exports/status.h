#pragma once

#include "exports/spec.h"

#include <string>

namespace fresh::exports {

/// status.json (docs/schemas/status.schema.json): sorted keys, two spaces, final newline.
std::string status_json(const RunReport& report);

/// The last line on the terminal: `PASS run=<id> fingerprint=<12 hex> 3m12s` or
/// `FAIL run=<id> gate=G8_NOTEBOOKS exit=50 3m12s: <reason>`; no newline in or after it.
std::string final_line(const RunReport& report);

}  // namespace fresh::exports
