#include "base/file.h"

#include "base/error.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace fresh::base {
namespace {

std::string reason(int error_number) {
  return std::system_category().message(error_number);
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

[[noreturn]] void fail_to_write(const std::filesystem::path& path, int error_number) {
  const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
  const std::string hint = error_number == ENOSPC || error_number == EDQUOT
                               ? fmt::format("free space on the file system of '{}'", folder)
                               : fmt::format("make '{}' a folder that you can write to", folder);
  throw Error(ExitCode::outputs, fmt::format("cannot write '{}': {}", path.string(), reason(error_number)),
              hint);
}

void write_all(const std::filesystem::path& path, int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(descriptor, content.data(), content.size());
    if (count < 0) {
      if (errno == EINTR) {
        continue;
      }
      fail_to_write(path, errno);
    }
    content.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string read_all(const std::filesystem::path& path, int descriptor) {
  std::string content;
  std::string block(std::size_t{1} << 16U, '\0');
  while (true) {
    const ssize_t count = ::read(descriptor, block.data(), block.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      throw Error(ExitCode::precheck, fmt::format("cannot read '{}': {}", path.string(), reason(errno)));
    }
    if (count == 0) {
      return content;
    }
    content.append(block.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

std::optional<std::string> read_file_if_exists(const std::filesystem::path& path) {
  // Not blocking, or a FIFO in the place of a file would hold the program for ever.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) {
    if (errno == ENOENT) {
      return std::nullopt;
    }
    throw Error(ExitCode::precheck, fmt::format("cannot read '{}': {}", path.string(), reason(errno)));
  }
  struct stat found {};
  if (::fstat(file.number(), &found) == 0 && (S_ISFIFO(found.st_mode) || S_ISSOCK(found.st_mode))) {
    throw Error(ExitCode::precheck, fmt::format("cannot read '{}': it is no regular file", path.string()));
  }
  return read_all(path, file.number());
}

std::string read_file(const std::filesystem::path& path) {
  auto content = read_file_if_exists(path);
  if (!content) {
    throw Error(ExitCode::precheck, fmt::format("cannot read '{}': {}", path.string(), reason(ENOENT)));
  }
  return *std::move(content);
}

void write_file_atomic(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    fail_to_write(folder / path.filename(), error.value());
  }
  std::string temporary = (folder / fmt::format(".{}.XXXXXX", path.filename().string())).string();
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file) {
    fail_to_write(path, errno);
  }
  try {
    if (::fchmod(file.number(), mode) != 0) {
      fail_to_write(path, errno);
    }
    write_all(path, file.number(), content);
    if (::fsync(file.number()) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) {
      fail_to_write(path, errno);
    }
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || ::fsync(directory.number()) != 0) {
    fail_to_write(path, errno);
  }
}

TemporaryFolder::TemporaryFolder(std::string_view name_prefix) {
  std::string name =
      (std::filesystem::temp_directory_path() / fmt::format("{}.XXXXXX", name_prefix)).string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error(ExitCode::precheck,
                fmt::format("cannot make a temporary folder '{}': {}", name, reason(errno)),
                "set TMPDIR to a folder that is writable");
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace fresh::base
