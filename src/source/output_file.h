#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace fresh::source {

/// Bytes on their way: called with each block in order, keeps none of them.
using ByteSink = std::function<void(std::string_view bytes)>;

/// A file that is written in blocks, so that content larger than memory passes through. Not atomic: the
/// caller renames it when it is whole. All failures are Error (outputs) with the path and the system's
/// reason.
class OutputFile {
 public:
  /// Makes the file (mode 0644) or empties it; missing folders are made.
  explicit OutputFile(std::filesystem::path path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  void write(std::string_view bytes);
  /// Closes the file and reports what the system kept back until then. Without it the content is not to be
  /// trusted.
  void close();
  std::int64_t size() const { return size_; }

 private:
  [[noreturn]] void fail(int error_number) const;

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
};

/// Reads a file in blocks of 64 KiB and hands them on; the number of bytes. Throws Error (precheck) naming
/// the path.
std::int64_t read_blocks(const std::filesystem::path& path, const ByteSink& sink);

}  // namespace fresh::source
