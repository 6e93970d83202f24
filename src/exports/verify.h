#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fresh::exports {

/// What is wrong with the outputs in `folder`, a sentence each; empty when every one is there, parses, has
/// the keys of its schema, agrees with the others (run id, result, counts) and its checksum holds (gate G10).
std::vector<std::string> verify_outputs(const std::filesystem::path& folder);

}  // namespace fresh::exports
