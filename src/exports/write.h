#pragma once

#include "exports/spec.h"

#include <filesystem>
#include <string>
#include <vector>

namespace fresh::exports {

/// Writes every output of the run into `folder`, each atomically, checksums.txt last. The same for a run that
/// failed. May be called again with a newer report. Throws base::Error (outputs).
void write_all(const RunReport& report, const std::filesystem::path& folder);

/// For a run whose outputs cannot all be written, say on a full file system: writes what can be, status.json
/// first, and returns the rest, a sentence each.
std::vector<std::string> write_possible(const RunReport& report, const std::filesystem::path& folder);

}  // namespace fresh::exports
