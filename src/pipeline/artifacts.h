#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// The sha256 of every file below `folder` that one of `patterns` names (`graph/*.csv`; `*` stays within one
/// name), keyed by relative path. Throws base::Error (determinism) for a pattern that names nothing: a
/// declared result is missing.
std::map<std::string, std::string> artifact_digests(const std::filesystem::path& folder,
                                                    const std::vector<std::string>& patterns);

}  // namespace fresh::pipeline
