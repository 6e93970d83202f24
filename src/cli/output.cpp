#include "cli/output.h"

#include "exports/plain_text.h"

#include <string>

namespace fresh::cli {

void put(std::FILE* stream, std::string_view text) {
  const std::string visible = stream == stderr ? exports::visible_text(text) : std::string();
  const std::string_view written = stream == stderr ? visible : text;
  std::fwrite(written.data(), 1, written.size(), stream);
  std::fflush(stream);
}

bool output_failed() {
  return std::ferror(stdout) != 0;
}

}  // namespace fresh::cli
