#include "cli/output.h"

namespace fresh::cli {

void put(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

bool output_failed() { return std::ferror(stdout) != 0; }

}  // namespace fresh::cli
