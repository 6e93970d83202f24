#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::images {

/// A Debian package as it is installed.
struct Package {
  std::string name;
  std::string architecture;
  std::string version;
  auto operator<=>(const Package&) const = default;
};

/// A package that is not what the lock says: `from` is empty for a new one, `to` for one that is gone.
struct Drift {
  std::string image;
  std::string package;
  std::string from;
  std::string to;
  auto operator<=>(const Drift&) const = default;
};

/// The content of a packages lock: first line `# fresh-clone packages lock v1`, then sorted lines `name
/// version arch`.
std::string packages_lock_text(std::vector<Package> packages);

/// Reads such text. Throws Error (deploy) with line and column for any other form. Sorted.
std::vector<Package> parse_packages_lock(const std::string& text, const std::string& name);

/// The installed packages of a dpkg status file (deb-control format), sorted.
std::vector<Package> installed_packages(std::string_view dpkg_status);

/// What moved from `locked` to `found`, sorted by package.
std::vector<Drift> drift_of(const std::string& image, const std::vector<Package>& locked,
                            const std::vector<Package>& found);

}  // namespace fresh::images
