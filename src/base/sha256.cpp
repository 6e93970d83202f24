// The digest's own functions, not EVP: those read openssl.cnf and build tables of every algorithm at their
// first use, which costs a command that hashes a few strings more than all else it does.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/sha256.h"

#include "base/error.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

namespace fresh::base {

struct Sha256::Context {
  SHA256_CTX digest{};
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  if (SHA256_Init(&context_->digest) != 1) {
    throw Error(ExitCode::bug, "OpenSSL offers no SHA-256");
  }
}

Sha256::~Sha256() = default;

Sha256& Sha256::update(std::string_view bytes) {
  if (SHA256_Update(&context_->digest, bytes.data(), bytes.size()) != 1) {
    throw Error(ExitCode::bug, "SHA-256 update failed");
  }
  return *this;
}

Sha256& Sha256::field(std::string_view bytes) {
  return update(fmt::format("{}:", bytes.size())).update(bytes);
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> raw{};
  if (SHA256_Final(raw.data(), &context_->digest) != 1) {
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
