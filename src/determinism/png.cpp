#include "determinism/png.h"

#include "base/sha256.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>
#include <zlib.h>

namespace fresh::determinism {
namespace {

constexpr std::string_view signature("\x89PNG\r\n\x1a\n", 8);
constexpr std::uint64_t most_pixel_bytes = std::uint64_t{256} << 20U;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) {
    value = value << 8U | static_cast<unsigned char>(c);
  }
  return value;
}

struct Header {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  unsigned depth = 0;
  unsigned channels = 0;
  bool interlaced = false;
};

std::optional<Header> read_header(std::string_view data) {
  if (data.size() != 13) {
    return std::nullopt;
  }
  constexpr std::array<unsigned, 7> channels{1, 0, 3, 1, 2, 0, 4};
  const auto depth = static_cast<unsigned char>(data[8]);
  const auto colour = static_cast<unsigned char>(data[9]);
  const auto interlace = static_cast<unsigned char>(data[12]);
  if (colour >= channels.size() || channels.at(colour) == 0 || interlace > 1 || depth == 0 || depth > 16 ||
      (depth & (depth - 1U)) != 0) {
    return std::nullopt;
  }
  return Header{big_endian(data), big_endian(data.substr(4)), depth, channels.at(colour), interlace == 1};
}

struct Pass {
  std::uint64_t row_bytes = 0;
  std::uint64_t rows = 0;
};

/// The sub-images in the order in which their rows are stored: one, or the seven of Adam7.
std::vector<Pass> passes_of(const Header& header) {
  struct Grid {
    std::uint32_t x, y, dx, dy;
  };
  static constexpr std::array<Grid, 7> adam7{
      {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}};
  static constexpr std::array<Grid, 1> whole{{{0, 0, 1, 1}}};
  std::vector<Pass> passes;
  const auto add = [&](const Grid& grid) {
    const std::uint64_t columns = (std::uint64_t{header.width} + grid.dx - 1 - grid.x) / grid.dx;
    const std::uint64_t rows = (std::uint64_t{header.height} + grid.dy - 1 - grid.y) / grid.dy;
    if (columns > 0 && rows > 0) {
      passes.push_back({(columns * header.depth * header.channels + 7) / 8, rows});
    }
  };
  if (header.interlaced) {
    std::for_each(adam7.begin(), adam7.end(), add);
  } else {
    std::for_each(whole.begin(), whole.end(), add);
  }
  return passes;
}

unsigned paeth(int left, int up, int corner) {
  const int estimate = left + up - corner;
  const int by_left = std::abs(estimate - left);
  const int by_up = std::abs(estimate - up);
  const int by_corner = std::abs(estimate - corner);
  if (by_left <= by_up && by_left <= by_corner) {
    return static_cast<unsigned>(left);
  }
  return static_cast<unsigned>(by_up <= by_corner ? up : corner);
}

/// Undoes the filter of one row in place (PNG specification, section 9); false for an unknown filter.
bool unfilter(unsigned char filter, unsigned char* row, const unsigned char* above, std::size_t size,
              std::size_t step) {
  if (filter > 4) {
    return false;
  }
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned left = i >= step ? row[i - step] : 0U;
    const unsigned up = above != nullptr ? above[i] : 0U;
    const unsigned corner = above != nullptr && i >= step ? above[i - step] : 0U;
    unsigned predicted = 0;
    if (filter == 1) {
      predicted = left;
    } else if (filter == 2) {
      predicted = up;
    } else if (filter == 3) {
      predicted = (left + up) / 2;
    } else if (filter == 4) {
      predicted = paeth(static_cast<int>(left), static_cast<int>(up), static_cast<int>(corner));
    }
    row[i] = static_cast<unsigned char>(row[i] + predicted);
  }
  return true;
}

/// Inflates to exactly `size` bytes, or nothing.
std::optional<std::vector<unsigned char>> inflate_all(const std::string& packed, std::uint64_t size) {
  std::vector<unsigned char> out(size);
  uLongf written = size;
  const int result =
      uncompress(out.data(), &written, reinterpret_cast<const Bytef*>(packed.data()), packed.size());
  if (result != Z_OK || written != size) {
    return std::nullopt;
  }
  return out;
}

bool hash_pixels(const Header& header, const std::string& packed, base::Sha256& digest) {
  const std::vector<Pass> passes = passes_of(header);
  std::uint64_t size = 0;
  for (const Pass& pass : passes) {
    if (pass.rows > most_pixel_bytes || pass.row_bytes > most_pixel_bytes / pass.rows) {
      return false;
    }
    size += (pass.row_bytes + 1) * pass.rows;
  }
  if (size == 0 || size > most_pixel_bytes) {
    return false;
  }
  auto raw = inflate_all(packed, size);
  if (!raw) {
    return false;
  }
  const std::size_t step = std::max(1U, header.depth * header.channels / 8);
  unsigned char* at = raw->data();
  for (const Pass& pass : passes) {
    const unsigned char* above = nullptr;
    for (std::uint64_t row = 0; row < pass.rows; ++row) {
      if (!unfilter(*at, at + 1, above, pass.row_bytes, step)) {
        return false;
      }
      above = at + 1;
      digest.update({reinterpret_cast<const char*>(above), pass.row_bytes});
      at += pass.row_bytes + 1;
    }
  }
  return true;
}

bool is_metadata(std::string_view type) {
  return type == "tEXt" || type == "zTXt" || type == "iTXt" || type == "tIME" || type == "eXIf";
}

}  // namespace

std::optional<PngContent> read_png(std::string_view bytes) {
  if (!bytes.starts_with(signature)) {
    return std::nullopt;
  }
  bytes.remove_prefix(signature.size());
  std::optional<Header> header;
  std::string packed;
  base::Sha256 seen;
  base::Sha256 metadata;
  bool any_metadata = false;
  bool ended = false;
  while (!ended) {
    if (bytes.size() < 12 || big_endian(bytes) > bytes.size() - 12) {
      return std::nullopt;
    }
    const std::size_t size = big_endian(bytes);
    const std::string_view type = bytes.substr(4, 4);
    const std::string_view data = bytes.substr(8, size);
    const auto crc = crc32(0, reinterpret_cast<const Bytef*>(type.data()), static_cast<uInt>(size + 4));
    if (crc != big_endian(bytes.substr(8 + size)) || (type == "IHDR") == header.has_value()) {
      return std::nullopt;
    }
    if (type == "IHDR") {
      header = read_header(data);
      if (!header) {
        return std::nullopt;
      }
      seen.field(type).field(data);
    } else if (type == "IDAT") {
      packed += data;
    } else if (is_metadata(type)) {
      metadata.field(type).field(data);
      any_metadata = true;
    } else if (type == "IEND") {
      ended = true;
    } else {
      seen.field(type).field(data);
    }
    bytes.remove_prefix(12 + size);
  }
  seen.field("pixels");
  if (!bytes.empty() || !hash_pixels(*header, packed, seen)) {
    return std::nullopt;
  }
  return PngContent{header->width, header->height, seen.hex(), any_metadata ? metadata.hex() : std::string()};
}

}  // namespace fresh::determinism
