#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace fresh::images {

/// The files that were fetched, each under its own sha256: `<folder>/sha256/ab/abcdef...`, mode 0444. Several
/// processes may use one cache: files come in by rename and are never changed.
class InputCache {
 public:
  /// `cache_folder` is the user's; the content lies below `fresh-clone/inputs` in it.
  explicit InputCache(const std::filesystem::path& cache_folder);

  bool has(const std::string& sha256) const;
  /// The path of a file whose content was just read and is what its name says. Throws Error (deploy) when it
  /// is missing or was changed; `what` names it in the message.
  std::filesystem::path take(const std::string& sha256, const std::string& what) const;
  /// Moves a whole file, made by temporary_file(), into the cache under `sha256`, which the caller computed.
  void store(const std::filesystem::path& file, const std::string& sha256) const;
  /// A new empty folder on the same file system; the caller removes it.
  std::filesystem::path temporary_folder() const;

  /// A small text about something, by a key of hex digits: what a base system was made of.
  std::optional<std::string> note(const std::string& key) const;
  void write_note(const std::string& key, const std::string& text) const;

 private:
  std::filesystem::path path_of(const std::string& sha256) const;

  std::filesystem::path folder_;
};

/// A folder of the cache that lasts as long as the object.
class CacheWorkFolder {
 public:
  explicit CacheWorkFolder(const InputCache& cache) : path_(cache.temporary_folder()) {}
  CacheWorkFolder(const CacheWorkFolder&) = delete;
  CacheWorkFolder& operator=(const CacheWorkFolder&) = delete;
  ~CacheWorkFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// `$XDG_CACHE_HOME`, else `$HOME/.cache`, else the system's temporary folder (XDG base directory
/// specification).
std::filesystem::path default_cache_folder();

}  // namespace fresh::images
