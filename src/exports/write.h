#pragma once

#include "exports/spec.h"

#include <filesystem>

namespace fresh::exports {

/// Writes every output of the run into `folder`, each atomically, checksums.txt last. The same for a run that
/// failed. May be called again with a newer report. Throws base::Error (outputs).
void write_all(const RunReport& report, const std::filesystem::path& folder);

}  // namespace fresh::exports
