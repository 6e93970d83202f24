#pragma once

#include "base/file.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fresh::test {

/// Where the values of secrets stand: `<place>: <name of the secret>`. The value is never in it.
using Finds = std::vector<std::string>;

/// Every secret that was generated for a project: what lies in .fresh-clone/credentials, and the unseal keys
/// and the root token of its key file. Looked for as it is and in base64 at every alignment.
class SecretSearch {
 public:
  /// Reads what there is now.
  explicit SecretSearch(const std::filesystem::path& project);

  std::size_t count() const { return count_; }
  /// In a text, said to be at `place`.
  Finds in(const std::string& text, const std::string& place) const;
  /// In every file below a folder, with the paths below it; also in databases, archives and git's own files,
  /// as far as these are not compressed.
  Finds in_folder(const std::filesystem::path& folder) const;
  /// In the answer of `socket` to a GET of `path`, which may be gigabytes; said to be at `place`. `marker` is
  /// a text that the answer must hold: throws when it does not, for then the search has seen nothing.
  Finds in_answer(const std::filesystem::path& socket, const std::string& path, const std::string& place,
                  const std::string& marker) const;

 private:
  Finds named(const std::string& lines, const std::string& place) const;

  base::TemporaryFolder temporary_;
  std::size_t count_ = 0;
  std::map<std::string, std::string> values_;  ///< form of a secret to its name
};

/// Every secret of a project whose stack runs on the engine at `socket` is where it belongs and nowhere else.
/// Looked through: the whole project with its exports and logs, all that the project's commands printed, and
/// of the engine the logs and the description of each container of the stack, networks, volumes, and the
/// images with their history and layers.
void expect_no_secret_outside(const std::filesystem::path& project, const std::filesystem::path& socket);

}  // namespace fresh::test
