#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::trust {

/// A generated secret. Never to be printed, logged or exported; give `value` to a Redactor.
struct Credential {
  std::string name;
  std::filesystem::path file;  ///< absolute when the folder was; mode 0600
  std::string value;           ///< 64 hex digits (256 bits), or what the user put into the file
};

/// Whether a credential can be called so: the name of a file that is not hidden, on every system.
bool is_credential_name(std::string_view name);
inline constexpr const char* credential_name_rule =
    "use letters, digits, '_', '-' and '.', at most 128, beginning with no dot";

/// The credentials called `names`, sorted by name: each is a file in `folder` (made with mode 0700),
/// generated once and kept from then on. A file or folder that others can read, that is
/// no regular file, belongs to somebody else or is empty is refused with the command that mends it: throws
/// base::Error (precheck).
std::vector<Credential> ensure_credentials(const std::filesystem::path& folder,
                                           const std::vector<std::string>& names);

/// The values of those that are there and can be read, for a Redactor. Makes and refuses nothing.
std::vector<std::string> kept_values(const std::filesystem::path& folder,
                                     const std::vector<std::string>& names);

/// The values alone, for a Redactor.
std::vector<std::string> values_of(const std::vector<Credential>& credentials);

}  // namespace fresh::trust
