#include "cli/output.h"

#include "base/error.h"
#include "exports/plain_text.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <string>
#include <unistd.h>

namespace fresh::cli {
namespace {

std::atomic<bool> unread{false};

}  // namespace

void put(std::FILE* stream, std::string_view text) {
  const std::string visible = stream == stderr ? exports::visible_text(text) : std::string();
  const std::string_view written = stream == stderr ? visible : text;
  errno = 0;
  if ((std::fwrite(written.data(), 1, written.size(), stream) != written.size() ||
       std::fflush(stream) != 0) &&
      errno == EPIPE && stream == stdout) {
    unread = true;
  }
}

bool output_failed() {
  return std::ferror(stdout) != 0;
}

bool output_unread() {
  return unread;
}

void require_output(const char* hint) {
  if (output_failed()) {
    throw base::Error(base::ExitCode::outputs, "standard output cannot be written", hint);
  }
}

void end_unread() {
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
  ::_exit(128 + SIGPIPE);  // it is blocked
}

}  // namespace fresh::cli
