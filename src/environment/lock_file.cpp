#include "environment/lock_file.h"

#include "base/sha256.h"

namespace fresh::environment {

std::string normalised_name(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == '.') {
      if (!result.empty() && result.back() != '-') {
        result += '-';
      }
    } else {
      result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return result;
}

std::string fingerprint(const Lock& lock) {
  base::Sha256 digest;
  for (const auto& requirement : lock.requirements) {
    digest.field(requirement.name).field(requirement.version).field(requirement.marker);
    digest.field(std::to_string(requirement.hashes.size()));
    for (const auto& hash : requirement.hashes) {
      digest.field(hash);
    }
  }
  return digest.hex();
}

}  // namespace fresh::environment
