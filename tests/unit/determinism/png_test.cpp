#include "determinism/png.h"

#include "determinism/base64.h"

#include <gtest/gtest.h>

#include <vector>
#include <zlib.h>

namespace fresh::determinism {
namespace {

std::string be32(std::uint32_t value) {
  return {static_cast<char>(value >> 24U), static_cast<char>(value >> 16U), static_cast<char>(value >> 8U),
          static_cast<char>(value)};
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return be32(static_cast<std::uint32_t>(data.size())) + body + be32(static_cast<std::uint32_t>(crc));
}

std::string deflated(const std::string& raw, int level) {
  std::string out(compressBound(raw.size()), '\0');
  uLongf size = out.size();
  compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(raw.data()),
            raw.size(), level);
  out.resize(size);
  return out;
}

/// A grey picture, 8 bits a pixel, from rows that begin with their filter.
std::string png(std::uint32_t width, std::uint32_t height, const std::string& rows,
                const std::string& extra = "", int level = 6, char interlace = 0) {
  return std::string("\x89PNG\r\n\x1a\n", 8) +
         chunk("IHDR", be32(width) + be32(height) + std::string("\x08\0\0\0", 4) + interlace) + extra +
         chunk("IDAT", deflated(rows, level)) + chunk("IEND", "");
}

const std::string plain("\0\x01\x02\x03\0\x04\x05\x06", 8);

TEST(S9, compression_filters_and_chunking_do_not_count) {
  const auto base = read_png(png(3, 2, plain));
  ASSERT_TRUE(base);
  EXPECT_EQ(base->width, 3U);
  EXPECT_EQ(read_png(png(3, 2, plain, "", 0))->digest, base->digest);
  // The same pixels through the filters Sub and Up.
  EXPECT_EQ(read_png(png(3, 2, std::string("\x01\x01\x01\x01\x02\x03\x03\x03", 8)))->digest, base->digest);
  // Average and Paeth.
  EXPECT_EQ(read_png(png(3, 2, std::string("\x03\x01\x02\x02\x04\x03\x01\x01", 8)))->digest, base->digest);
}

TEST(S9, one_pixel_counts) {
  EXPECT_NE(read_png(png(3, 2, std::string("\0\x01\x02\x03\0\x04\x05\x07", 8)))->digest,
            read_png(png(3, 2, plain))->digest);
}

TEST(S9, texts_and_times_go_to_a_digest_of_their_own) {
  const auto with = read_png(png(3, 2, plain, chunk("tEXt", std::string("Software\0x", 10))));
  EXPECT_EQ(with->digest, read_png(png(3, 2, plain))->digest);
  EXPECT_NE(with->metadata_digest, "");
  EXPECT_EQ(read_png(png(3, 2, plain))->metadata_digest, "");
}

TEST(S9, chunks_that_change_what_is_seen_count) {
  EXPECT_NE(read_png(png(3, 2, plain, chunk("gAMA", be32(45455))))->digest,
            read_png(png(3, 2, plain))->digest);
}

TEST(S9, reads_interlaced_pictures) {
  // 3x2 in Adam7: pass 1 one pixel, pass 4 one (x=2), pass 6 one (x=1), pass 7 the second row.
  const std::string rows("\0\x01\0\x03\0\x02\0\x04\x05\x06", 10);
  EXPECT_TRUE(read_png(png(3, 2, rows, "", 6, 1)));
  EXPECT_FALSE(read_png(png(3, 2, plain, "", 6, 1)));
}

TEST(S9, damaged_pictures_are_no_pictures) {
  std::string bad = png(3, 2, plain);
  bad[20] = static_cast<char>(bad[20] ^ 1);
  EXPECT_FALSE(read_png(bad));
  const std::string good = png(3, 2, plain);
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(read_png(std::string_view(good).substr(0, size))) << size;
  }
  EXPECT_FALSE(read_png(good + "x"));
  EXPECT_FALSE(read_png(png(4, 2, plain)));
  EXPECT_FALSE(read_png(png(3, 2, std::string("\x05\x01\x02\x03\0\x04\x05\x06", 8))));
  EXPECT_FALSE(read_png(png(0xFFFFFFFF, 0xFFFFFFFF, plain)));
  EXPECT_FALSE(read_png(png(0, 0, "")));
  EXPECT_FALSE(read_png(std::string("\x89PNG\r\n\x1a\n", 8) + chunk("IDAT", "") + chunk("IEND", "")));
}

TEST(Base64, decodes_padded_and_unpadded_and_refuses_the_rest) {
  EXPECT_EQ(decode_base64("aGVs\nbG8="), "hello");
  EXPECT_EQ(decode_base64("aGVsbG8"), "hello");
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_FALSE(decode_base64("a?=="));
  EXPECT_FALSE(decode_base64("a"));
}

}  // namespace
}  // namespace fresh::determinism
