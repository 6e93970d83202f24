#include "images/packages_lock.h"

#include "base/exit_code.h"
#include "base/lines.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace fresh::images {
namespace {

constexpr std::string_view first_line = "# fresh-clone packages lock v1";

std::string_view next_word(std::string_view& line) {
  const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
  line.remove_prefix(begin);
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

using Versions = std::map<std::pair<std::string, std::string>, std::string>;

Versions versions_of(const std::vector<Package>& packages) {
  Versions versions;
  for (const Package& package : packages) {
    versions.insert_or_assign({package.name, package.architecture}, package.version);
  }
  return versions;
}

}  // namespace

std::string packages_lock_text(std::vector<Package> packages) {
  std::sort(packages.begin(), packages.end());
  std::string text = fmt::format("{}\n", first_line);
  for (const Package& package : packages) {
    text += fmt::format("{} {} {}\n", package.name, package.version, package.architecture);
  }
  return text;
}

std::vector<Package> parse_packages_lock(const std::string& text, const std::string& name) {
  const auto source = std::make_shared<document::Source>(document::Source{name, text});
  const auto refuse = [&](int line, const std::string& message) {
    document::refuse({source, line, 1}, message, "write the lock anew: fresh-clone images lock",
                     base::ExitCode::deploy);
  };
  std::string_view rest = text;
  if (base::next_line(rest) != first_line) {
    refuse(1, fmt::format("expected the line '{}'", first_line));
  }
  std::vector<Package> packages;
  for (int number = 2; !rest.empty(); ++number) {
    std::string_view line = base::next_line(rest);
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    Package package;
    package.name = next_word(line);
    package.version = next_word(line);
    package.architecture = next_word(line);
    if (package.architecture.empty() || !next_word(line).empty()) {
      refuse(number, "expected a package's name, version and architecture");
    }
    packages.push_back(std::move(package));
  }
  std::sort(packages.begin(), packages.end());
  return packages;
}

std::vector<Package> installed_packages(std::string_view dpkg_status) {
  std::vector<Package> packages;
  Package package;
  bool installed = false;
  const auto take = [&] {
    if (installed && !package.name.empty()) {
      packages.push_back(package);
    }
    package = {};
    installed = false;
  };
  const auto value = [](std::string_view line, std::string_view key) {
    return std::string(line.substr(key.size()));
  };
  while (!dpkg_status.empty()) {
    const std::string_view line = base::next_line(dpkg_status);
    if (line.empty()) {
      take();
    } else if (line.starts_with("Package: ")) {
      package.name = value(line, "Package: ");
    } else if (line.starts_with("Version: ")) {
      package.version = value(line, "Version: ");
    } else if (line.starts_with("Architecture: ")) {
      package.architecture = value(line, "Architecture: ");
    } else if (line.starts_with("Status: ")) {
      installed = line.ends_with(" installed");
    }
  }
  take();
  std::sort(packages.begin(), packages.end());
  return packages;
}

std::vector<Drift> drift_of(const std::string& image, const std::vector<Package>& locked,
                            const std::vector<Package>& found) {
  const Versions before = versions_of(locked);
  const Versions after = versions_of(found);
  std::vector<Drift> drifts;
  for (const auto& [key, version] : before) {
    const auto now = after.find(key);
    if (now == after.end() || now->second != version) {
      drifts.push_back({image, key.first, version, now == after.end() ? "" : now->second});
    }
  }
  for (const auto& [key, version] : after) {
    if (!before.contains(key)) {
      drifts.push_back({image, key.first, "", version});
    }
  }
  std::sort(drifts.begin(), drifts.end());
  return drifts;
}

}  // namespace fresh::images
