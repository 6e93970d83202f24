#pragma once

#include "source/output_file.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace fresh::source {

enum class EntryType { file, folder, link, hard_link, other };

/// One entry of an archive, as its header has it: nothing about it is to be trusted.
struct TarEntry {
  std::string path;
  EntryType type = EntryType::file;
  std::string target;
  std::int64_t size = 0;
  unsigned mode = 0644;  ///< permission bits
};

/// What to do with an entry's content: a sink takes its blocks, none skips it.
using EntryVisitor = std::function<ByteSink(const TarEntry& entry)>;

/// Reads a tar archive from a file, entry by entry, never whole. `visit` is called per entry, `done` when its
/// content was handed over. Throws Error (deploy) for what is no tar archive or ends too early.
void read_tar(
    const std::filesystem::path& archive, const EntryVisitor& visit,
    const std::function<void()>& done = [] {});

/// The path in canonical form, without `./` in front or '/' at the end; empty for the root itself. Throws
/// Error (deploy) for an absolute path, `..`, or a control character: such an archive is refused whole.
std::string safe_path(const std::string& path);

}  // namespace fresh::source
