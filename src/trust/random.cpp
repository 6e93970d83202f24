#include "trust/random.h"

#include "base/error.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <vector>

namespace fresh::trust {

std::string random_hex(std::size_t bytes) {
  std::vector<unsigned char> raw(bytes);
  if (RAND_bytes(raw.data(), static_cast<int>(raw.size())) != 1) {
    throw base::Error(base::ExitCode::precheck, "the cryptographic random generator gives no bytes");
  }
  return fmt::format("{:02x}", fmt::join(raw, ""));
}

}  // namespace fresh::trust
