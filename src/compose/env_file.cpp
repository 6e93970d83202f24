#include "compose/env_file.h"

#include "document/refuse.h"
#include "document/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>

namespace fresh::compose {
namespace {

constexpr std::string_view blanks = " \t\v\f\r";
constexpr std::string_view spaces = " \t\v\f\r\n";

std::string_view right_trimmed(std::string_view text) {
  return text.substr(0, text.find_last_not_of(spaces) + 1);
}

bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_.-[]").find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80;
}

/// The place of what begins with `rest`. Its source has no text: an error shows no line of a file that may
/// hold secrets.
document::Place place_of(const std::string& name, std::string_view whole, std::string_view rest) {
  const std::string_view before = whole.substr(0, whole.size() - rest.size());
  const std::string_view line = before.substr(before.rfind('\n') + 1);
  const auto characters = std::count_if(
      line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return {.source = std::make_shared<document::Source>(document::Source{name, {}}),
          .line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          .column = static_cast<int>(characters) + 1};
}

void check_utf8(std::string_view text, const std::string& name) {
  if (const auto invalid = document::first_invalid_utf8(text)) {
    document::refuse(place_of(name, text, text.substr(*invalid)), "this is not UTF-8",
                     "save the file as UTF-8");
  }
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& name, const Lookup& lookup)
      : name_(name), text_(text), rest_(text), lookup_(lookup) {}

  std::vector<Variable> read() {
    if (rest_.starts_with("\xEF\xBB\xBF")) {
      rest_.remove_prefix(3);
    }
    for (skip_to_statement(); !rest_.empty(); skip_to_statement()) {
      read_variable();
    }
    return std::move(variables_);
  }

 private:
  [[noreturn]] void refuse(const std::string& message, const std::string& hint = {}) const {
    document::refuse(place_of(name_, text_, rest_), message, hint);
  }

  void take(std::size_t count) { rest_.remove_prefix(count); }

  void skip(std::string_view characters) {
    take(std::min(rest_.find_first_not_of(characters), rest_.size()));
  }

  void skip_to_statement() {
    for (skip(spaces); rest_.starts_with('#'); skip(spaces)) {
      take(std::min(rest_.find('\n'), rest_.size()));
    }
  }

  void read_variable() {
    if (rest_.starts_with("export") && rest_.size() > 6 && spaces.find(rest_[6]) != std::string_view::npos) {
      take(6);
      skip(blanks);
    }
    std::size_t end = 0;
    while (end < rest_.size() && (in_name(rest_[end]) || blanks.find(rest_[end]) != std::string_view::npos)) {
      ++end;
    }
    const bool stands_alone = end == rest_.size() || rest_[end] == '\n';
    const std::string name(right_trimmed(rest_.substr(0, end)));
    if (!stands_alone && rest_[end] != '=' && rest_[end] != ':') {
      take(end);
      refuse("unexpected character in the name of a variable", "write NAME=value; a comment begins with '#'");
    }
    if (name.find_first_of(blanks) != std::string::npos || name.empty()) {
      refuse("expected NAME=value", "a name has no blanks; a comment begins with '#'");
    }
    if (stands_alone) {
      take(end);
      variables_.push_back({name, std::nullopt});
      return;
    }
    take(end + 1);
    skip(blanks);
    std::string value;
    if (rest_.starts_with('\'')) {
      value = quoted(name);
    } else if (rest_.starts_with('"')) {
      value = expand(unescaped(quoted(name)), name);
    } else {
      value = expand(std::string(unquoted()), name);
    }
    if (value.find('\0') != std::string::npos) {
      refuse("the value of '" + name + "' has a NUL byte", "no variable can have one; save the file as text");
    }
    known_[name] = value;
    variables_.push_back({name, std::move(value)});
  }

  /// An inline comment needs a blank before it: `A=b #c` but not `A=b#c`.
  std::string_view unquoted() {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    take(line.size());
    return right_trimmed(line.substr(0, line.find(" #")));
  }

  /// What stands between the quotes; only the quote itself is unescaped here.
  std::string quoted(const std::string& name) {
    const char quote = rest_[0];
    std::string value;
    bool escaped = false;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (c == quote && !escaped) {
        take(i + 1);
        return value;
      }
      if (!escaped && c == '\\') {
        escaped = true;
        continue;
      }
      if (escaped && c != quote) {
        value += '\\';
      }
      escaped = false;
      value += c;
    }
    refuse(fmt::format("the value of '{}' has no closing quote", name), fmt::format("end it with {}", quote));
  }

  static std::string unescaped(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\' || i + 1 == text.size()) {
        result += text[i];
      } else if (text[i + 1] == '0') {
        i += octal(std::string_view(text).substr(i + 2), result) + 1;
      } else {
        result += escaped(text[++i]);
      }
    }
    return result;
  }

  /// `\0` and up to three octal digits, as one character; returns how many digits were taken.
  static std::size_t octal(std::string_view digits, std::string& result) {
    const auto count =
        std::min<std::size_t>(3, std::min(digits.find_first_not_of("0123456789"), digits.size()));
    digits = digits.substr(0, count);
    const int value = count < 3 || digits.find_first_of("89") != std::string_view::npos
                          ? 0x100
                          : (digits[0] - '0') * 64 + (digits[1] - '0') * 8 + (digits[2] - '0');
    if (value > 0xff) {
      (result += '\\') += digits;
    } else if (value > 0x7f) {
      result += static_cast<char>(0xC0 | (value >> 6));
      result += static_cast<char>(0x80 | (value & 0x3f));
    } else {
      result += static_cast<char>(value);
    }
    return count;
  }

  static std::string escaped(char c) {
    constexpr std::string_view letters = "abfnrtv";
    constexpr std::string_view meant = "\a\b\f\n\r\t\v";
    if (const auto found = letters.find(c); found != std::string_view::npos) {
      return {meant[found]};
    }
    switch (c) {
      case '$':
        return "$$";
      case '\\':
      case '"':
        return {c};
      default:
        return {'\\', c};
    }
  }

  std::string expand(const std::string& value, const std::string& name) const {
    const Lookup both = [this](std::string_view one) -> std::optional<std::string> {
      if (auto outer = lookup_(one)) {
        return outer;
      }
      const auto found = known_.find(one);
      return found == known_.end() ? std::nullopt : std::optional(found->second);
    };
    std::vector<std::string> unset;
    try {
      return substitute(value, both, unset);
    } catch (const InterpolationError& error) {
      // What follows in quotes is a part of the value.
      refuse(fmt::format("the value of '{}': {}", name, error.message.substr(0, error.message.find(": '"))),
             error.hint);
    }
  }

  const std::string& name_;
  std::string_view text_;
  std::string_view rest_;
  const Lookup& lookup_;
  std::vector<Variable> variables_;
  std::map<std::string, std::string, std::less<>> known_;
};

}  // namespace

std::vector<Variable> parse_env_file(std::string_view text, const std::string& name, const Lookup& lookup) {
  check_utf8(text, name);
  return Reader(text, name, lookup).read();
}

std::vector<Variable> parse_raw_env_file(std::string_view text, const std::string& name) {
  check_utf8(text, name);
  std::vector<Variable> result;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    const auto equals = line.find('=');
    if (equals != std::string_view::npos && equals > 0 && line[0] != '#') {
      result.push_back({std::string(line.substr(0, equals)), std::string(line.substr(equals + 1))});
    }
  }
  return result;
}

}  // namespace fresh::compose
