#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace fresh::base {

/// The whole content of a regular file, or of the null device. Throws Error (precheck) naming the path and
/// the reason: other devices, FIFOs, sockets and folders are refused.
std::string read_file(const std::filesystem::path& path);

/// As read_file, but nothing when the file does not exist; refuses a file of more than `most` bytes.
std::optional<std::string> read_file_if_exists(const std::filesystem::path& path,
                                               std::size_t most = std::string::npos);

/// True for a folder that this process may look at.
bool is_folder(const std::filesystem::path& path);

/// All that standard input gives until its end; refuses more than `most` bytes. Throws Error (precheck).
std::string read_standard_input(std::size_t most);

/// Writes a file so that a reader sees the old content or the new, whole: temporary file in the same folder,
/// fsync, rename, fsync of the folder. Makes missing folders. `mode` is the file's permission bits. Throws
/// Error (outputs).
void write_file_atomic(const std::filesystem::path& path, std::string_view content, unsigned mode = 0644);

/// A folder of its own below the system's temporary folder, removed with all its content at the end of scope.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(std::string_view name_prefix = "fresh-clone");
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace fresh::base
