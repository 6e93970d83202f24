#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace fresh::base {

/// An incremental SHA-256.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& update(std::string_view bytes);
  /// Adds the length (decimal, then ':') before the bytes, so that neighbouring fields cannot run into each
  /// other.
  Sha256& field(std::string_view bytes);
  /// The digest as 64 lower-case hex digits; the object may not be used afterwards.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// SHA-256 of `bytes` as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

/// SHA-256 of a file's content, read in blocks. Throws Error (precheck) when it cannot be read.
std::string sha256_file(const std::filesystem::path& path);

}  // namespace fresh::base
