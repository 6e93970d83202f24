#include "exports/run_id.h"

#include "base/error.h"

#include <fmt/format.h>

namespace fresh::exports {
namespace {

constexpr std::size_t longest_id = 64;
constexpr std::string_view letters_and_digits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

}  // namespace

std::string generate_run_id(base::WallTime now, const std::array<std::uint8_t, 3>& random) {
  std::string stamp;
  for (const char c : base::rfc3339(now)) {
    if (c == '.') {
      break;
    }
    if (c != '-' && c != ':') {
      stamp += c;
    }
  }
  return fmt::format("{}Z-{:02x}", stamp, fmt::join(random, ""));
}

void check_run_id(std::string_view id) {
  const bool fine = !id.empty() && id.size() <= longest_id &&
                    letters_and_digits.find(id.front()) != std::string_view::npos &&
                    id.find_first_not_of(allowed) == std::string_view::npos &&
                    id.find("..") == std::string_view::npos;
  if (!fine) {
    throw base::Error(
        base::ExitCode::usage, fmt::format("'{}' cannot be a run id", id),
        fmt::format("use 1 to {} letters, digits, '.', '_' or '-', beginning with a letter or digit, "
                    "without '..'",
                    longest_id));
  }
}

}  // namespace fresh::exports
