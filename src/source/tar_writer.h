#pragma once

#include "source/output_file.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace fresh::source {

/// Writes a tar archive whose bytes depend on nothing but what is put in: POSIX ustar, with a pax record only
/// for a path, link target or size that ustar cannot hold; owner 0:0 without names, one time for all entries.
/// Streams: no content is held. (libarchive's writer asks the locale; this one does not.)
class TarWriter {
 public:
  TarWriter(ByteSink sink, std::int64_t mtime) : sink_(std::move(sink)), mtime_(mtime) {}

  /// Paths are relative, with '/' between, without a trailing one.
  void folder(const std::string& path, unsigned mode);
  void file(const std::string& path, unsigned mode, std::string_view content);
  /// A file of this machine; throws Error (precheck) when its size changes while it is read.
  void file_from(const std::string& path, unsigned mode, const std::filesystem::path& from);
  void link(const std::string& path, const std::string& target);
  /// Writes the end of the archive: two empty blocks.
  void finish();

 private:
  void header(const std::string& path, char type, unsigned mode, std::int64_t size,
              const std::string& target);
  void block(const std::string& name, char type, unsigned mode, std::int64_t size, const std::string& target);
  void pad(std::int64_t size);

  ByteSink sink_;
  std::int64_t mtime_;
};

}  // namespace fresh::source
