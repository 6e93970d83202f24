#include "exports/checksums.h"

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "exports/reservation.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <system_error>

namespace fresh::exports {
namespace {

using base::Error;
using base::ExitCode;

constexpr const char* file_name = "checksums.txt";
constexpr std::size_t digest_digits = 64;

bool is_covered(const std::string& relative) {
  return relative != file_name && relative != Reservation::file_name && relative != "events.jsonl" &&
         !relative.starts_with("logs/");
}

/// Relative path -> digest of every covered file.
std::map<std::string, std::string> digests(const std::filesystem::path& folder) {
  std::map<std::string, std::string> found;
  std::error_code error;
  auto entry = std::filesystem::recursive_directory_iterator(folder, error);
  for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
    const std::string relative = entry->path().lexically_relative(folder).generic_string();
    if (entry->is_regular_file() && !entry->is_symlink() && is_covered(relative)) {
      found.emplace(relative, base::sha256_file(entry->path()));
    }
  }
  if (error) {
    throw Error(ExitCode::outputs, fmt::format("cannot list '{}': {}", folder.string(), error.message()));
  }
  return found;
}

/// A line as sha256sum writes it: a name with a backslash or a line break is escaped, and a backslash leads
/// the line.
std::string line_of(const std::string& name, const std::string& digest) {
  std::string escaped;
  for (const char c : name) {
    if (c == '\\') {
      escaped += "\\\\";
    } else if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\r') {
      escaped += "\\r";
    } else {
      escaped += c;
    }
  }
  return fmt::format("{}{}  {}\n", escaped == name ? "" : "\\", digest, escaped);
}

/// Escaped name -> digest, from the lines of checksums.txt.
std::map<std::string, std::string> listed(std::string_view text) {
  std::map<std::string, std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('\\')) {
      line.remove_prefix(1);
    }
    const std::size_t name_at = digest_digits + 2;
    if (line.size() <= name_at || line.substr(digest_digits, 2) != "  ") {
      lines.emplace(std::string(line), "");
    } else {
      lines.emplace(std::string(line.substr(name_at)), std::string(line.substr(0, digest_digits)));
    }
  }
  return lines;
}

}  // namespace

std::string checksums_text(const std::filesystem::path& folder) {
  std::string text;
  for (const auto& [name, digest] : digests(folder)) {
    text += line_of(name, digest);
  }
  return text;
}

void write_checksums(const std::filesystem::path& folder) {
  base::write_file_atomic(folder / file_name, checksums_text(folder));
}

std::vector<std::string> verify_checksums(const std::filesystem::path& folder) {
  const auto text = base::read_file_if_exists(folder / file_name);
  if (!text) {
    return {fmt::format("'{}' is missing", file_name)};
  }
  const auto said = listed(*text);
  const auto real = listed(checksums_text(folder));
  std::vector<std::string> problems;
  for (const auto& [name, digest] : said) {
    const auto found = real.find(name);
    if (digest.empty()) {
      problems.push_back(fmt::format("'{}' has a line that is no checksum: '{}'", file_name, name));
    } else if (found == real.end()) {
      problems.push_back(fmt::format("'{}' lists '{}', which is not there", file_name, name));
    } else if (found->second != digest) {
      problems.push_back(fmt::format("'{}' is not what its checksum says", name));
    }
  }
  for (const auto& [name, digest] : real) {
    if (!said.contains(name)) {
      problems.push_back(fmt::format("'{}' does not list '{}'", file_name, name));
    }
  }
  return problems;
}

}  // namespace fresh::exports
