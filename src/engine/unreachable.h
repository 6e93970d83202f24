#pragma once

#include <string>

namespace fresh::engine {

/// Why nobody can be reached, and what helps.
struct Unreachable {
  std::string reason;
  std::string hint;
};

/// Of a unix socket: missing, nobody listens, no permission; `error` is the number that connect(2) gave.
Unreachable explain_unreachable(const std::string& socket_path, int error);

}  // namespace fresh::engine
