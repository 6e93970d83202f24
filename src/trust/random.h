#pragma once

#include <cstddef>
#include <string>

namespace fresh::trust {

/// `bytes` bytes from the cryptographic generator of OpenSSL, as lower-case hex digits. Throws base::Error
/// (precheck) when the generator has no entropy.
std::string random_hex(std::size_t bytes);

}  // namespace fresh::trust
