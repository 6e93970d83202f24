#include "source/tar_reader.h"

#include "base/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/core.h>

#include <memory>
#include <string_view>

namespace fresh::source {
namespace {

using Reader = std::unique_ptr<archive, decltype(&archive_read_free)>;

[[noreturn]] void fail(const std::filesystem::path& path, archive* reader) {
  const char* reason = archive_error_string(reader);
  throw base::Error(base::ExitCode::deploy, fmt::format("cannot read the archive '{}': {}", path.string(),
                                                        reason != nullptr ? reason : "no reason given"));
}

EntryType type_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) {
    return EntryType::hard_link;
  }
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      return EntryType::file;
    case AE_IFDIR:
      return EntryType::folder;
    case AE_IFLNK:
      return EntryType::link;
    default:
      return EntryType::other;
  }
}

/// libarchive gives no name in the bytes of the archive where the locale cannot spell it, but UTF-8 always.
std::string text(const char* plain, const char* utf8) {
  if (plain != nullptr) {
    return plain;
  }
  return utf8 != nullptr ? utf8 : "";
}

TarEntry entry_of(archive_entry* entry) {
  const char* target = archive_entry_hardlink(entry);
  return {.path = text(archive_entry_pathname(entry), archive_entry_pathname_utf8(entry)),
          .type = type_of(entry),
          .target = target != nullptr ? target
                                      : text(archive_entry_symlink(entry), archive_entry_symlink_utf8(entry)),
          .size = archive_entry_size(entry),
          .mode = archive_entry_perm(entry) & 0777U};
}

void hand_over(const std::filesystem::path& path, archive* reader, const ByteSink& sink) {
  static constexpr std::size_t block_size = std::size_t{1} << 16U;
  std::string block(block_size, '\0');
  while (true) {
    const la_ssize_t count = archive_read_data(reader, block.data(), block.size());
    if (count < 0) {
      fail(path, reader);
    }
    if (count == 0) {
      return;
    }
    sink(std::string_view(block).substr(0, static_cast<std::size_t>(count)));
  }
}

}  // namespace

void read_tar(const std::filesystem::path& path, const EntryVisitor& visit,
              const std::function<void()>& done) {
  const Reader reader(archive_read_new(), &archive_read_free);
  archive_read_support_format_tar(reader.get());
  static constexpr std::size_t read_size = std::size_t{1} << 16U;
  if (archive_read_open_filename(reader.get(), path.c_str(), read_size) != ARCHIVE_OK) {
    fail(path, reader.get());
  }
  while (true) {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(reader.get(), &entry);
    if (result == ARCHIVE_EOF) {
      return;
    }
    if (result < ARCHIVE_WARN) {
      fail(path, reader.get());
    }
    if (const ByteSink sink = visit(entry_of(entry))) {
      hand_over(path, reader.get(), sink);
    }
    done();
  }
}

std::string safe_path(const std::string& path) {
  const auto refuse = [&](const char* why) {
    throw base::Error(base::ExitCode::deploy,
                      fmt::format("the path '{}' in an archive is refused: {}", path, why));
  };
  if (path.starts_with('/')) {
    refuse("it is absolute");
  }
  std::string clean;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = std::string_view(path).substr(begin, end - begin);
    if (part == "..") {
      refuse("it leads out by '..'");
    }
    for (const char byte : part) {
      if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f) {
        refuse("it holds a control character");
      }
    }
    if (!part.empty() && part != ".") {
      clean += (clean.empty() ? "" : "/");
      clean += part;
    }
    begin = end + 1;
  }
  return clean;
}

}  // namespace fresh::source
