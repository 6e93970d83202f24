#pragma once

#include "environment/lock_file.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::environment {

/// What an interpreter says of itself: its packages and the values that PEP 508 markers ask for
/// (`python_version`, ...).
struct Installed {
  std::map<std::string, std::string> packages;  ///< normalised name -> version
  std::map<std::string, std::string> markers;
};

/// A Python program (for `python -c`) that prints what parse_installed reads; needs nothing beside the
/// interpreter.
std::string_view installed_query();

/// Throws Error (precheck) when the text is not what the query prints.
Installed parse_installed(std::string_view json);

/// Where an environment differs from its lock; each entry is `name version` or `name found -> locked`,
/// sorted.
struct Difference {
  std::vector<std::string> missing;
  std::vector<std::string> extra;
  std::vector<std::string> other_version;

  bool empty() const { return missing.empty() && extra.empty() && other_version.empty(); }
};

/// Compares (pure). Requirements whose marker does not hold for this interpreter are not expected; names in
/// `tools` (pip and setuptools of a fresh venv) may be there without being locked.
Difference difference(const Lock& lock, const Installed& installed,
                      const std::vector<std::string>& tools = {});

/// One line for people: `missing: six 1.17.0; extra: foo 1.0`.
std::string to_string(const Difference& difference);

}  // namespace fresh::environment
