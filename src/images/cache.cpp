#include "images/cache.h"

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>
#include <system_error>

namespace fresh::images {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_to_write(const fs::path& path, const std::error_code& error) {
  throw base::Error(base::ExitCode::deploy,
                    fmt::format("cannot write '{}' in the cache: {}", path.string(), error.message()),
                    "free space there, make it writable, or set XDG_CACHE_HOME to another folder");
}

}  // namespace

InputCache::InputCache(const fs::path& cache_folder)
    : folder_(fs::absolute(cache_folder) / "fresh-clone" / "inputs") {}

fs::path InputCache::path_of(const std::string& sha256) const {
  return folder_ / "sha256" / sha256.substr(0, 2) / sha256;
}

bool InputCache::has(const std::string& sha256) const {
  std::error_code ignored;
  return fs::is_regular_file(path_of(sha256), ignored);
}

fs::path InputCache::take(const std::string& sha256, const std::string& what) const {
  const fs::path path = path_of(sha256);
  if (!has(sha256)) {
    throw base::Error(base::ExitCode::deploy,
                      fmt::format("'{}' is not in the cache (sha256 {})", what, sha256),
                      "fetch it: fresh-clone images fetch");
  }
  if (const std::string found = base::sha256_file(path); found != sha256) {
    throw base::Error(
        base::ExitCode::deploy,
        fmt::format("'{}' was changed in the cache: expected sha256 {}, found {}", what, sha256, found),
        fmt::format("remove it and fetch again: rm -f '{}' && fresh-clone images fetch", path.string()));
  }
  return path;
}

void InputCache::store(const fs::path& file, const std::string& sha256) const {
  const fs::path path = path_of(sha256);
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) {
    fail_to_write(path, error);
  }
  if (::chmod(file.c_str(), 0444) != 0) {
    fail_to_write(file, {errno, std::system_category()});
  }
  fs::rename(file, path, error);
  if (error) {
    fail_to_write(path, error);
  }
}

fs::path InputCache::temporary_folder() const {
  const fs::path parent = folder_ / "tmp";
  std::error_code error;
  fs::create_directories(parent, error);
  if (error) {
    fail_to_write(parent, error);
  }
  std::string name = (parent / "XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    fail_to_write(parent, {errno, std::system_category()});
  }
  return name;
}

std::optional<std::string> InputCache::note(const std::string& key) const {
  return base::read_file_if_exists(folder_ / "notes" / key);
}

void InputCache::write_note(const std::string& key, const std::string& text) const {
  base::write_file_atomic(folder_ / "notes" / key, text);
}

CacheWorkFolder::~CacheWorkFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path default_cache_folder() {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value != nullptr && value[0] == '/' ? value : "";
  };
  if (const std::string cache = variable("XDG_CACHE_HOME"); !cache.empty()) {
    return cache;
  }
  const std::string home = variable("HOME");
  return home.empty() ? fs::temp_directory_path() / "fresh-clone-cache" : fs::path(home) / ".cache";
}

}  // namespace fresh::images
