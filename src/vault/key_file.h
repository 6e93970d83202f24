#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fresh::vault {

/// Whose keys a key file holds: the data of one vault in one engine.
struct Home {
  std::string engine;  ///< the connection's URI
  std::vector<std::string>
      holders;  ///< what holds the data: `volume:demo_vault`, or `container:demo-vault-1`
  bool operator==(const Home&) const = default;
};

/// What `sys/init` gave. Whoever holds these holds the vault.
struct Keys {
  Home home;
  int threshold = 0;
  std::vector<std::string> unseal;  ///< in hex
  std::string root_token;

  /// Every value that may be seen by nobody.
  std::vector<std::string> secrets() const;
};

/// The key file of a project: written once, mode 0600, never overwritten. What is replaced or half-written
/// lies in the state folder, which git ignores.
class KeyFile {
 public:
  /// `path` is absolute. `state_folder` is on the same file system.
  KeyFile(std::filesystem::path path, std::filesystem::path state_folder);

  const std::filesystem::path& path() const { return path_; }

  /// Whether there is one. Brings what a run that was killed between the steps of write() left to its place.
  bool exists() const;
  /// The keys; there must be a file. Throws base::Error (contract) for one that others can read or that is
  /// damaged.
  Keys read() const;
  /// Fails now when write() would for want of room or permission.
  void check_writable() const;
  /// Writes the file whole. There must be none.
  void write(const Keys& keys) const;
  /// Moves the file into the state folder and returns where it is now. `stamp` makes the name unique.
  std::filesystem::path set_aside(const std::string& stamp) const;
  /// Removes the file.
  void remove() const;
  /// The keys; nothing when there are none that can be read.
  std::optional<Keys> read_if_whole() const noexcept;
  /// Every value that may be seen by nobody, also of a file that is being written; moves nothing.
  std::vector<std::string> secrets() const noexcept;

 private:
  std::filesystem::path pending() const { return state_folder_ / "vault-keys.new"; }

  std::filesystem::path path_;
  std::filesystem::path state_folder_;
};

}  // namespace fresh::vault
