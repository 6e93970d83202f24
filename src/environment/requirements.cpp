#include "base/error.h"
#include "base/lines.h"
#include "environment/lock_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::environment {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr const char* make_anew = "make the lock anew with 'uv pip compile --generate-hashes'";

/// A line of the file with its continuations and without its comment.
struct Line {
  int number = 0;
  std::string text;
};

std::string_view without_comment(std::string_view text) {
  for (auto at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    if (at == 0 || blanks.find(text[at - 1]) != std::string_view::npos) {
      return text.substr(0, at);
    }
  }
  return text;
}

std::vector<Line> logical_lines(std::string_view text) {
  std::vector<Line> lines;
  bool continues = false;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    std::string_view physical = base::trimmed(without_comment(text.substr(0, end)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const bool goes_on = !physical.empty() && physical.back() == '\\';
    physical = goes_on ? base::trimmed(physical.substr(0, physical.size() - 1)) : physical;
    if (!continues) {
      lines.push_back({.number = number, .text = {}});
    }
    lines.back().text += lines.back().text.empty() ? "" : " ";
    lines.back().text += physical;
    continues = goes_on;
  }
  lines.erase(std::remove_if(lines.begin(), lines.end(),
                             [](const Line& line) { return base::trimmed(line.text).empty(); }),
              lines.end());
  return lines;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

bool is_pinned_version(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '+' || c == '!' || c == '-' || c == '_';
  });
}

bool is_sha256(std::string_view text) {
  constexpr std::string_view prefix = "sha256:";
  constexpr std::size_t digits = 64;
  return text.substr(0, prefix.size()) == prefix && text.size() == prefix.size() + digits &&
         text.find_first_not_of("0123456789abcdef", prefix.size()) == std::string_view::npos;
}

class Parser {
 public:
  explicit Parser(const std::string& name) : name_(name) {}

  Lock whole(std::string_view text) {
    Lock lock;
    for (const auto& line : logical_lines(text)) {
      number_ = line.number;
      if (line.text.front() == '-') {
        check_option(line.text);
      } else {
        lock.requirements.push_back(requirement(line.text));
      }
    }
    number_ = 1;
    if (lock.requirements.empty()) {
      refuse("the lock names no package");
    }
    std::sort(lock.requirements.begin(), lock.requirements.end());
    const auto twice = std::adjacent_find(
        lock.requirements.begin(), lock.requirements.end(),
        [](const Requirement& a, const Requirement& b) { return a.name == b.name && a.marker == b.marker; });
    if (twice != lock.requirements.end()) {
      refuse(fmt::format("'{}' is locked twice", twice->name));
    }
    return lock;
  }

 private:
  [[noreturn]] void refuse(const std::string& message) const {
    throw base::Error(base::ExitCode::precheck, fmt::format("{}:{}: {}", name_, number_, message), make_anew);
  }

  void check_option(std::string_view text) const {
    constexpr std::array<std::string_view, 4> harmless{"--require-hashes", "--only-binary", "--no-binary",
                                                       "--prefer-binary"};
    const auto word = text.substr(0, text.find_first_of(" ="));
    if (std::find(harmless.begin(), harmless.end(), word) == harmless.end()) {
      refuse(fmt::format("a lock may not hold the option '{}'", word));
    }
  }

  Requirement requirement(std::string_view text) const {
    const auto options = text.find(" --");
    std::string_view pin = base::trimmed(text.substr(0, options));
    Requirement result;
    if (const auto semicolon = pin.find(';'); semicolon != std::string_view::npos) {
      result.marker = base::trimmed(pin.substr(semicolon + 1));
      pin = base::trimmed(pin.substr(0, semicolon));
    }
    const auto equals = pin.find("==");
    std::string_view name = base::trimmed(pin.substr(0, equals));
    name = base::trimmed(name.substr(0, name.find('[')));
    const std::string_view version =
        equals == std::string_view::npos ? std::string_view() : base::trimmed(pin.substr(equals + 2));
    if (!is_name(name) || !is_pinned_version(version)) {
      refuse(fmt::format("'{}' is not pinned, expected 'name==version'", pin));
    }
    result.name = normalised_name(name);
    result.version = version;
    result.hashes = hashes(options == std::string_view::npos ? std::string_view() : text.substr(options));
    if (result.hashes.empty()) {
      refuse(fmt::format("'{}' has no sha256 hash", pin));
    }
    std::sort(result.hashes.begin(), result.hashes.end());
    return result;
  }

  std::vector<std::string> hashes(std::string_view options) const {
    std::vector<std::string> result;
    for (options = base::trimmed(options); !options.empty(); options = base::trimmed(options)) {
      const std::string_view word = options.substr(0, options.find_first_of(blanks));
      options.remove_prefix(word.size());
      constexpr std::string_view prefix = "--hash=";
      if (word.substr(0, prefix.size()) != prefix || !is_sha256(word.substr(prefix.size()))) {
        refuse(fmt::format("'{}' is no '--hash=sha256:' with 64 hex digits", word));
      }
      result.emplace_back(word.substr(prefix.size()));
    }
    return result;
  }

  const std::string& name_;
  int number_ = 0;
};

}  // namespace

Lock parse_requirements(std::string_view text, const std::string& name) {
  return Parser(name).whole(text);
}

}  // namespace fresh::environment
