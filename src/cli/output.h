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
/// Whether it was lost because nobody reads it any more: it is a pipe, and its other end is closed.
bool output_unread();
/// For what shows and does nothing else: throws base::Error (outputs) when something was lost. `hint` says
/// what may still be going on.
void require_output(const char* hint);
/// Ends this process by SIGPIPE, as a program ends that never heard of closed pipes: nothing is said.
[[noreturn]] void end_unread();

}  // namespace fresh::cli
