#include "source/build_context.h"

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "source/ignore_rules.h"
#include "source/tar_writer.h"

#include <fmt/core.h>

#include <map>
#include <optional>

namespace fresh::source {
namespace {

namespace fs = std::filesystem;

constexpr unsigned plain_mode = 0644;
constexpr unsigned executable_mode = 0755;

struct Item {
  fs::file_type type = fs::file_type::regular;
  fs::path from = {};
  bool executable = false;
};

/// Sorted by path, which is the order of the archive.
using Items = std::map<std::string, Item>;

void add_with_folders(Items& items, const std::string& path, Item item) {
  for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
    items.try_emplace(path.substr(0, end), Item{.type = fs::file_type::directory});
  }
  items.insert_or_assign(path, std::move(item));
}

Items items_of(const ContextRequest& request) {
  const IgnoreRules rules(
      request.honour_ignore ? base::read_file_if_exists(request.folder / ".dockerignore").value_or("") : "");
  Items items;
  const auto end = fs::recursive_directory_iterator();
  for (auto entry = fs::recursive_directory_iterator(request.folder); entry != end; ++entry) {
    const std::string path = entry->path().lexically_relative(request.folder).generic_string();
    const fs::file_status status = entry->symlink_status();
    const bool left_out = request.leave_out.contains(path);
    if ((request.honour_ignore && path == ".dockerignore") || left_out ||
        (path != "Dockerfile" && rules.ignored(path))) {
      if (fs::is_directory(status) && (left_out || !rules.has_exceptions())) {
        entry.disable_recursion_pending();
      }
      continue;
    }
    if (!fs::is_regular_file(status) && !fs::is_directory(status) && !fs::is_symlink(status)) {
      throw base::Error(base::ExitCode::precheck,
                        fmt::format("'{}' is neither a file, a folder nor a link and cannot go into an image",
                                    entry->path().string()),
                        "remove it, or name it in .dockerignore");
    }
    add_with_folders(items, path,
                     {.type = status.type(),
                      .from = entry->path(),
                      .executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none});
  }
  return items;
}

void add_extra(Items& items, const ContextRequest& request) {
  for (const auto& extra : request.extra) {
    const auto taken = items.find(extra.path);
    if (taken != items.end()) {
      throw base::Error(base::ExitCode::precheck,
                        fmt::format("'{}' is in the folder '{}', but the path is kept for locked inputs",
                                    extra.path, request.folder.string()),
                        "move it, or name it in .dockerignore");
    }
    add_with_folders(items, extra.path, {.type = fs::file_type::regular, .from = extra.file});
  }
}

}  // namespace

void write_build_context(const ContextRequest& request, const ByteSink& sink) {
  try {
    Items items = items_of(request);
    add_extra(items, request);
    TarWriter tar(sink, request.mtime);
    for (const auto& [path, item] : items) {
      if (item.type == fs::file_type::directory) {
        tar.folder(path, executable_mode);
      } else if (item.type == fs::file_type::symlink) {
        tar.link(path, fs::read_symlink(item.from).string());
      } else {
        tar.file_from(path, item.executable ? executable_mode : plain_mode, item.from);
      }
    }
    tar.finish();
  } catch (const fs::filesystem_error& error) {
    throw base::Error(base::ExitCode::precheck, fmt::format("cannot read the build folder '{}': {}",
                                                            request.folder.string(), error.code().message()));
  }
}

std::string build_context_digest(const ContextRequest& request) {
  base::Sha256 digest;
  write_build_context(request, [&](std::string_view bytes) { digest.update(bytes); });
  return digest.hex();
}

}  // namespace fresh::source
