#pragma once

#include "base/clock.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace fresh::exports {

/// An id that sorts by time: `20261121T062415Z-3f9a2c`.
std::string generate_run_id(base::WallTime now, const std::array<std::uint8_t, 3>& random);

/// Refuses a run id that cannot be a folder's name everywhere: 1 to 64 characters out of `A-Z a-z 0-9 . _ -`,
/// the first a letter or digit, no `..`. Throws base::Error (usage).
void check_run_id(std::string_view id);

}  // namespace fresh::exports
