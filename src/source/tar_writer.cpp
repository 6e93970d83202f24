#include "source/tar_writer.h"

#include "base/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace fresh::source {
namespace {

constexpr std::int64_t block_size = 512;
constexpr std::size_t name_size = 100;
constexpr std::size_t prefix_size = 155;
constexpr std::int64_t largest_octal_size = 077777777777;

/// A record of a pax header: its own length, which counts its own digits, a space, `key=value`, a newline.
std::string pax_record(std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;
  std::size_t length = rest + fmt::formatted_size("{}", rest);
  length = rest + fmt::formatted_size("{}", length);
  return fmt::format("{} {}={}\n", length, key, value);
}

/// Where ustar may cut a path into prefix and name, npos when the path does not fit.
std::size_t cut_of(const std::string& path) {
  if (path.size() <= name_size) {
    return 0;
  }
  const std::size_t cut = path.find('/', path.size() - name_size - 1);
  return cut == std::string::npos || cut > prefix_size || cut == 0 || cut + 1 == path.size()
             ? std::string::npos
             : cut;
}

class Block {
 public:
  void put(std::size_t offset, std::size_t width, std::string_view text) {
    std::copy_n(text.begin(), std::min(width, text.size()),
                bytes_.begin() + static_cast<std::ptrdiff_t>(offset));
  }
  void put_octal(std::size_t offset, std::size_t width, std::int64_t value) {
    put(offset, width, fmt::format("{:0{}o}", value, width - 1));
  }
  std::string_view sealed() {
    put(148, 8, "        ");
    const int sum = std::accumulate(bytes_.begin(), bytes_.end(), 0, [](int total, char byte) {
      return total + static_cast<unsigned char>(byte);
    });
    put(148, 8, fmt::format("{:06o}", sum));
    bytes_[154] = '\0';
    return {bytes_.data(), bytes_.size()};
  }

 private:
  std::array<char, block_size> bytes_{};
};

}  // namespace

void TarWriter::block(const std::string& name, char type, unsigned mode, std::int64_t size,
                      const std::string& target) {
  Block header;
  const std::size_t cut = cut_of(name);
  if (cut == 0 || cut == std::string::npos) {
    header.put(0, name_size, name);
  } else {
    header.put(0, name_size, std::string_view(name).substr(cut + 1));
    header.put(345, prefix_size, std::string_view(name).substr(0, cut));
  }
  header.put_octal(100, 8, mode);
  header.put_octal(108, 8, 0);
  header.put_octal(116, 8, 0);
  header.put_octal(124, 12, std::min(size, largest_octal_size));
  header.put_octal(136, 12, mtime_);
  header.put(156, 1, std::string_view(&type, 1));
  header.put(157, name_size, target);
  header.put(257, 8, std::string_view("ustar\00000", 8));
  sink_(header.sealed());
}

void TarWriter::header(const std::string& path, char type, unsigned mode, std::int64_t size,
                       const std::string& target) {
  std::string records;
  if (cut_of(path) == std::string::npos) {
    records += pax_record("path", path);
  }
  if (target.size() > name_size) {
    records += pax_record("linkpath", target);
  }
  if (size > largest_octal_size) {
    records += pax_record("size", fmt::format("{}", size));
  }
  if (!records.empty()) {
    const auto length = static_cast<std::int64_t>(records.size());
    block("pax", 'x', 0644, length, {});
    sink_(records);
    pad(length);
  }
  block(path, type, mode, size, target);
}

void TarWriter::pad(std::int64_t size) {
  static constexpr std::array<char, block_size> zeros{};
  if (const std::int64_t rest = size % block_size; rest != 0) {
    sink_({zeros.data(), static_cast<std::size_t>(block_size - rest)});
  }
}

void TarWriter::folder(const std::string& path, unsigned mode) {
  header(path + '/', '5', mode, 0, {});
}

void TarWriter::file(const std::string& path, unsigned mode, std::string_view content) {
  const auto size = static_cast<std::int64_t>(content.size());
  header(path, '0', mode, size, {});
  sink_(content);
  pad(size);
}

void TarWriter::file_from(const std::string& path, unsigned mode, const std::filesystem::path& from) {
  std::error_code error;
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(from, error));
  if (error) {
    throw base::Error(base::ExitCode::precheck,
                      fmt::format("cannot read '{}': {}", from.string(), error.message()));
  }
  header(path, '0', mode, size, {});
  std::int64_t seen = 0;
  read_blocks(from, [&](std::string_view bytes) {
    seen += static_cast<std::int64_t>(bytes.size());
    if (seen <= size) {
      sink_(bytes);
    }
  });
  if (seen != size) {
    throw base::Error(
        base::ExitCode::precheck,
        fmt::format("'{}' changed while it was read: {} bytes, then {}", from.string(), size, seen),
        "run again when nothing writes to it");
  }
  pad(size);
}

void TarWriter::link(const std::string& path, const std::string& target) {
  header(path, '2', 0777, 0, target);
}

void TarWriter::finish() {
  static constexpr std::array<char, 2 * block_size> zeros{};
  sink_({zeros.data(), zeros.size()});
}

}  // namespace fresh::source
