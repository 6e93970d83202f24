#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fresh::exports {

/// The content of checksums.txt for `folder`, as `sha256sum -c` reads it: relative paths, sorted by bytes, of
/// all regular files but checksums.txt itself and what is written until the end (events.jsonl, logs/). Throws
/// base::Error (outputs).
std::string checksums_text(const std::filesystem::path& folder);

/// Writes <folder>/checksums.txt. To be called again after a file was added.
void write_checksums(const std::filesystem::path& folder);

/// What does not hold of <folder>/checksums.txt: a file that is missing, differs, or is not listed.
std::vector<std::string> verify_checksums(const std::filesystem::path& folder);

}  // namespace fresh::exports
