#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fresh::determinism {

/// What a PNG shows, apart from how it was compressed and what is written about it (rule S9 of fc-nbfp/1).
struct PngContent {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::string digest;           ///< over IHDR, the chunks that change what is seen, and the unfiltered pixels
  std::string metadata_digest;  ///< over text, time and Exif chunks; empty when there are none
};

/// Decodes a PNG. Nothing when it is damaged (CRC, chunks, deflate, filters) or holds more than 256 MiB of
/// pixels: then its bytes are what can be compared.
std::optional<PngContent> read_png(std::string_view bytes);

}  // namespace fresh::determinism
