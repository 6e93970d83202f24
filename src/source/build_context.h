#pragma once

#include "source/output_file.h"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace fresh::source {

/// A folder to hand to an image build.
struct ContextRequest {
  std::filesystem::path folder;
  /// Paths relative to the folder that stay out, beside what .dockerignore names.
  std::set<std::string> leave_out = {};
  /// Files from elsewhere, at these paths in the context; they win over nothing: a path taken twice is an
  /// error.
  struct Extra {
    std::string path;
    std::filesystem::path file;
  };
  std::vector<Extra> extra = {};
  /// False: .dockerignore is an ordinary file.
  bool honour_ignore = true;
  /// Seconds since 1970, of all entries.
  std::int64_t mtime = 0;
};

/// Writes the context as a tar archive: entries sorted by path, owner 0:0, modes 0644 or 0755, links kept as
/// links. The bytes depend on names, content, links and execute bits alone. .dockerignore is honoured and not
/// sent; `Dockerfile` is always sent. Throws Error (precheck) for what is neither file, folder nor link.
void write_build_context(const ContextRequest& request, const ByteSink& sink);

/// SHA-256 of the archive that write_build_context makes.
std::string build_context_digest(const ContextRequest& request);

}  // namespace fresh::source
