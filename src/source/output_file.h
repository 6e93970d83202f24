#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace fresh::source {

/// Bytes on their way: called with each block in order, keeps none of them.
using ByteSink = std::function<void(std::string_view bytes)>;

/// A file that is written in blocks, so that content larger than memory passes through. A reader of `path`
/// sees what was there before or the whole new content: it is written beside it, and close() puts it in its
/// place. All failures are Error (outputs) with the path and the system's reason.
class OutputFile {
 public:
  /// Begins the file (mode 0644); missing folders are made.
  explicit OutputFile(std::filesystem::path path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  /// Without close() nothing is left of what was written.
  ~OutputFile();

  void write(std::string_view bytes);
  /// Reports what the system kept back until now, and puts the file in its place.
  void close();
  std::int64_t size() const { return size_; }

 private:
  [[noreturn]] void fail(int error_number) const;

  std::filesystem::path path_;
  std::string temporary_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
};

/// Reads a file in blocks of 64 KiB and hands them on; the number of bytes. Throws Error (precheck) naming
/// the path.
std::int64_t read_blocks(const std::filesystem::path& path, const ByteSink& sink);

}  // namespace fresh::source
