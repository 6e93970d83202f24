#pragma once

#include "exports/spec.h"

#include <string>

namespace fresh::exports {

/// run_manifest.json (docs/schemas/run_manifest.schema.json): everything the run knew and did, in the form of
/// status_json.
std::string manifest_json(const RunReport& report);

/// images.json: name, id, digest, source and inputs key of each image, sorted by name.
std::string images_json(const RunReport& report);

/// environment.txt: `NAME=value` lines, sorted, each value on one line.
std::string environment_text(const RunReport& report);

}  // namespace fresh::exports
