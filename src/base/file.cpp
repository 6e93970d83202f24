#include "base/file.h"

#include "base/error.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
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

[[noreturn]] void fail_to_read(const std::filesystem::path& path, const std::string& why,
                               const std::string& hint) {
  throw Error(ExitCode::precheck, fmt::format("cannot read '{}': {}", path.string(), why), hint);
}

[[noreturn]] void fail_to_read(const std::filesystem::path& path, int error_number) {
  fail_to_read(path, reason(error_number),
               error_number == EACCES   ? "give yourself the right to read it, and to enter its folders"
               : error_number == EISDIR ? "name a file, not a folder"
                                        : "create it, or mend the path");
}

/// Refuses what has no end or holds the reader for ever. The null device is an empty file.
void need_regular(const std::filesystem::path& path, int descriptor) {
  const auto null_device = makedev(1, 3);
  struct stat found {};
  if (::fstat(descriptor, &found) != 0) {
    fail_to_read(path, errno);
  }
  if (S_ISDIR(found.st_mode)) {
    fail_to_read(path, EISDIR);
  }
  if (!S_ISREG(found.st_mode) && !(S_ISCHR(found.st_mode) && found.st_rdev == null_device)) {
    fail_to_read(path, "it is no regular file", "name a regular file");
  }
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

std::string read_all(const std::filesystem::path& path, int descriptor, std::size_t most) {
  std::string content;
  std::string block(std::size_t{1} << 16U, '\0');
  while (true) {
    const ssize_t count = ::read(descriptor, block.data(), block.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      fail_to_read(path, errno);
    }
    if (count == 0) {
      return content;
    }
    content.append(block.data(), static_cast<std::size_t>(count));
    if (content.size() > most) {
      fail_to_read(path, fmt::format("it has more than {} bytes", most), "name a smaller file");
    }
  }
}

}  // namespace

std::optional<std::string> read_file_if_exists(const std::filesystem::path& path, std::size_t most) {
  // Not blocking, or a FIFO in the place of a file would hold the program for ever.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) {
    if (errno == ENOENT) {
      return std::nullopt;
    }
    fail_to_read(path, errno);
  }
  need_regular(path, file.number());
  return read_all(path, file.number(), most);
}

bool is_folder(const std::filesystem::path& path) {
  std::error_code none;
  return std::filesystem::is_directory(path, none);
}

std::string read_standard_input(std::size_t most) {
  return read_all("<stdin>", STDIN_FILENO, most);
}

std::string read_file(const std::filesystem::path& path) {
  auto content = read_file_if_exists(path);
  if (!content) {
    fail_to_read(path, ENOENT);
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
