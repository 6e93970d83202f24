#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <string_view>
#include <utility>

namespace fresh::cli {

/// Writes text to standard output as it is, to standard error with its control characters made visible (what
/// an error quotes may come from a file, an engine or a container), and flushes. Never throws: a stream that
/// cannot be written must not stop the work. output_failed() tells of standard output.
void put(std::FILE* stream, std::string_view text);

template <typename... Args>
void print(std::FILE* stream, fmt::format_string<Args...> format, Args&&... args) {
  put(stream, fmt::format(format, std::forward<Args>(args)...));
}

/// Whether something put to standard output was lost.
bool output_failed();

}  // namespace fresh::cli
