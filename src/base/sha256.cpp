#include "base/sha256.h"

#include "base/error.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

namespace fresh::base {

struct Sha256::Context {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  if (!context_->digest || EVP_DigestInit_ex(context_->digest.get(), EVP_sha256(), nullptr) != 1) {
    throw Error(ExitCode::bug, "OpenSSL offers no SHA-256");
  }
}

Sha256::~Sha256() = default;

Sha256& Sha256::update(std::string_view bytes) {
  if (EVP_DigestUpdate(context_->digest.get(), bytes.data(), bytes.size()) != 1) {
    throw Error(ExitCode::bug, "SHA-256 update failed");
  }
  return *this;
}

Sha256& Sha256::field(std::string_view bytes) {
  return update(fmt::format("{}:", bytes.size())).update(bytes);
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> raw{};
  if (EVP_DigestFinal_ex(context_->digest.get(), raw.data(), nullptr) != 1) {
    throw Error(ExitCode::bug, "SHA-256 final failed");
  }
  return fmt::format("{:02x}", fmt::join(raw, ""));
}

std::string sha256_hex(std::string_view bytes) {
  return Sha256().update(bytes).hex();
}

std::string sha256_file(const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) {
    throw Error(ExitCode::precheck,
                fmt::format("cannot read '{}': {}", path.string(), std::system_category().message(errno)));
  }
  Sha256 digest;
  std::vector<char> block(std::size_t{1} << 16U);
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), file.get())) {
    digest.update({block.data(), count});
  }
  if (std::ferror(file.get()) != 0) {
    throw Error(ExitCode::precheck, fmt::format("cannot read '{}' to its end", path.string()));
  }
  return digest.hex();
}

}  // namespace fresh::base
