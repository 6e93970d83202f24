#include "source/output_file.h"

#include "base/error.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fresh::source {

OutputFile::OutputFile(std::filesystem::path path) : path_(std::move(path)) {
  if (path_.has_parent_path()) {
    std::error_code error;
    std::filesystem::create_directories(path_.parent_path(), error);
    if (error) {
      fail(error.value());
    }
  }
  const std::filesystem::path folder = path_.has_parent_path() ? path_.parent_path() : ".";
  temporary_ = (folder / fmt::format(".{}.XXXXXX", path_.filename().string())).string();
  descriptor_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
  if (descriptor_ < 0) {
    fail(errno);
  }
  ::fchmod(descriptor_, 0644);
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
    ::unlink(temporary_.c_str());
  }
}

void OutputFile::write(std::string_view bytes) {
  size_ += static_cast<std::int64_t>(bytes.size());
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0) {
      if (errno == EINTR) {
        continue;
      }
      fail(errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void OutputFile::close() {
  if (::close(std::exchange(descriptor_, -1)) != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int error_number = errno;
    ::unlink(temporary_.c_str());
    fail(error_number);
  }
}

void OutputFile::fail(int error_number) const {
  const std::string folder = path_.parent_path().string();
  throw base::Error(
      base::ExitCode::outputs,
      fmt::format("cannot write '{}': {}", path_.string(), std::system_category().message(error_number)),
      error_number == ENOSPC ? fmt::format("free space on the file system of '{}'", folder)
                             : fmt::format("make '{}' writable", folder));
}

std::int64_t read_blocks(const std::filesystem::path& path, const ByteSink& sink) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) {
    throw base::Error(base::ExitCode::precheck, fmt::format("cannot read '{}': {}", path.string(),
                                                            std::system_category().message(errno)));
  }
  std::vector<char> block(std::size_t{1} << 16U);
  std::int64_t total = 0;
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), file.get())) {
    sink({block.data(), count});
    total += static_cast<std::int64_t>(count);
  }
  if (std::ferror(file.get()) != 0) {
    throw base::Error(base::ExitCode::precheck, fmt::format("cannot read '{}' to its end", path.string()));
  }
  return total;
}

}  // namespace fresh::source
