#include "images/apt_sources.h"

#include "base/file.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <system_error>

namespace fresh::images {
namespace {

namespace fs = std::filesystem;

struct Entry {
  std::vector<std::string> types;
  std::vector<std::string> uris;
  std::vector<std::string> suites;
  std::string components;
  std::string signed_by;
  bool enabled = true;
};

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> result;
  for (std::string word; stream >> word;) {
    result.push_back(word);
  }
  return result;
}

/// `deb [signed-by=/x arch=amd64] URI SUITE COMPONENT...`
Entry one_line(const std::string& line) {
  Entry entry;
  std::string rest = line.substr(0, line.find('#'));
  if (const std::size_t open = rest.find('['); open != std::string::npos) {
    const std::size_t close = std::min(rest.find(']', open), rest.size() - 1);
    for (const std::string& option : words(rest.substr(open + 1, close - open - 1))) {
      if (option.starts_with("signed-by=")) {
        entry.signed_by = option.substr(10);
      }
    }
    rest.erase(open, close - open + 1);
  }
  const std::vector<std::string> parts = words(rest);
  if (parts.size() >= 4) {
    entry.types = {parts[0]};
    entry.uris = {parts[1]};
    entry.suites = {parts[2]};
    entry.components = fmt::format("{}", fmt::join(parts.begin() + 3, parts.end(), " "));
  }
  return entry;
}

std::vector<Entry> one_line_entries(const std::string& text) {
  std::vector<Entry> entries;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    entries.push_back(one_line(line));
  }
  return entries;
}

void set_field(Entry& entry, const std::string& line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string::npos || line.starts_with('#') || line.starts_with(' ')) {
    return;
  }
  const std::string key = line.substr(0, colon);
  const std::vector<std::string> value = words(line.substr(colon + 1));
  if (key == "Types") {
    entry.types = value;
  } else if (key == "URIs") {
    entry.uris = value;
  } else if (key == "Suites") {
    entry.suites = value;
  } else if (key == "Components") {
    entry.components = fmt::format("{}", fmt::join(value, " "));
  } else if (key == "Signed-By" && value.size() == 1 && value[0].starts_with('/')) {
    entry.signed_by = value[0];
  } else if (key == "Enabled") {
    entry.enabled = value.empty() || value[0] != "no";
  }
}

std::vector<Entry> deb822_entries(const std::string& text) {
  std::vector<Entry> entries(1);
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (words(line).empty()) {
      entries.emplace_back();
    } else {
      set_field(entries.back(), line);
    }
  }
  return entries;
}

/// The suite with its name replaced (`bookworm-security` -> `trixie-security`); empty for another's.
std::string renamed(const std::string& suite, const std::string& from, const std::string& to) {
  for (const char* pocket : {"", "-updates", "-security"}) {
    if (suite == from + pocket) {
      return to + pocket;
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> apt_sources(const std::map<std::string, std::string>& files,
                                     const std::string& host_suite, const std::string& suite) {
  std::vector<std::string> lines;
  for (const auto& [path, text] : files) {
    for (const Entry& entry : path.ends_with(".sources") ? deb822_entries(text) : one_line_entries(text)) {
      if (!entry.enabled || std::find(entry.types.begin(), entry.types.end(), "deb") == entry.types.end()) {
        continue;
      }
      for (const std::string& uri : entry.uris) {
        for (const std::string& own : entry.suites) {
          const std::string wanted = renamed(own, host_suite, suite);
          const std::string key =
              entry.signed_by.empty() ? "" : fmt::format("[signed-by={}] ", entry.signed_by);
          const std::string line = fmt::format("deb {}{} {} {}", key, uri, wanted, entry.components);
          if (!wanted.empty() && std::find(lines.begin(), lines.end(), line) == lines.end()) {
            lines.push_back(line);
          }
        }
      }
    }
  }
  return lines;
}

std::vector<std::string> host_apt_sources(const std::string& suite) {
  std::string host_suite;
  std::istringstream release(base::read_file_if_exists("/etc/os-release").value_or(""));
  for (std::string line; std::getline(release, line);) {
    if (line.starts_with("VERSION_CODENAME=")) {
      host_suite = line.substr(17);
    }
  }
  if (host_suite.empty()) {
    return {};
  }
  std::map<std::string, std::string> files;
  const auto add = [&](const fs::path& path) {
    if (auto text = base::read_file_if_exists(path)) {
      files.emplace(path.string(), *std::move(text));
    }
  };
  add("/etc/apt/sources.list");
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/etc/apt/sources.list.d", ignored)) {
    if (entry.path().extension() == ".list" || entry.path().extension() == ".sources") {
      add(entry.path());
    }
  }
  return apt_sources(files, host_suite, suite);
}

}  // namespace fresh::images
