#include "compose/env_file.h"

#include "document/refuse.h"

#include <algorithm>
#include <map>
#include <memory>

namespace fresh::compose {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& name, const Lookup& lookup)
      : source_(std::make_shared<document::Source>(document::Source{name, std::string(text)})),
        rest_(source_->text),
        lookup_(lookup) {}

  std::vector<Variable> read() {
    if (rest_.starts_with("\xEF\xBB\xBF")) {
      rest_.remove_prefix(3);
    }
    for (skip_blank_lines(); !rest_.empty(); skip_blank_lines()) {
      read_variable();
    }
    return std::move(variables_);
  }

 private:
  [[noreturn]] void refuse(const std::string& message, const std::string& hint = {}) const {
    document::refuse({source_, line_, 1}, message, hint);
  }

  void take(std::size_t count) {
    line_ +=
        static_cast<int>(std::count(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(count), '\n'));
    rest_.remove_prefix(count);
  }

  void skip_line() { take(std::min(rest_.find('\n'), rest_.size() - 1) + 1); }

  void skip_blank_lines() {
    while (!rest_.empty()) {
      const auto line = trimmed(rest_.substr(0, rest_.find('\n')));
      if (!line.empty() && line[0] != '#') {
        return;
      }
      skip_line();
    }
  }

  void skip_blanks() { take(std::min(rest_.find_first_not_of(blanks), rest_.size())); }

  void read_variable() {
    skip_blanks();
    if (rest_.starts_with("export ") || rest_.starts_with("export\t")) {
      take(7);
      skip_blanks();
    }
    const auto end = std::min(rest_.find_first_of("=:\n"), rest_.size());
    const std::string name(trimmed(rest_.substr(0, end)));
    if (name.empty() || name.find_first_of(" \t\"'") != std::string::npos) {
      refuse("expected NAME=value, found '" + name + "'", "a comment begins with '#'");
    }
    if (end == rest_.size() || rest_[end] == '\n') {
      take(end);
      variables_.push_back({name, std::nullopt});
      return;
    }
    take(end + 1);
    skip_blanks();
    std::string value;
    if (rest_.starts_with('\'')) {
      value = quoted('\'');
    } else if (rest_.starts_with('"')) {
      value = expand(quoted('"'));
    } else {
      value = expand(std::string(unquoted()));
    }
    known_[name] = value;
    variables_.push_back({name, std::move(value)});
  }

  /// An inline comment needs a blank before it: `A=b #c` but not `A=b#c`.
  std::string_view unquoted() {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    std::size_t end = line.size();
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '#' && (i == 0 || blanks.find(line[i - 1]) != std::string_view::npos)) {
        end = i;
        break;
      }
    }
    take(line.size());
    return trimmed(line.substr(0, end));
  }

  std::string quoted(char quote) {
    std::string value;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (c == quote) {
        take(i + 1);
        const auto after = trimmed(rest_.substr(0, rest_.find('\n')));
        if (!after.empty() && after[0] != '#') {
          refuse("unexpected text '" + std::string(after) + "' after the closing quote");
        }
        take(std::min(rest_.find('\n'), rest_.size()));
        return value;
      }
      if (c == '\\' && i + 1 < rest_.size()) {
        const char next = rest_[++i];
        value += quote == '"'    ? escaped(next)
                 : next == quote ? std::string(1, next)
                                 : std::string{'\\', next};
      } else {
        value += c;
      }
    }
    refuse("this value has no closing quote", std::string("end it with ") + quote);
  }

  static std::string escaped(char c) {
    switch (c) {
      case 'n':
        return "\n";
      case 'r':
        return "\r";
      case 't':
        return "\t";
      case '$':
        return "$$";
      case '\\':
      case '"':
        return {c};
      default:
        return {'\\', c};
    }
  }

  std::string expand(const std::string& value) const {
    const Lookup both = [this](std::string_view name) -> std::optional<std::string> {
      if (auto outer = lookup_(name)) {
        return outer;
      }
      const auto found = known_.find(name);
      return found == known_.end() ? std::nullopt : std::optional(found->second);
    };
    std::vector<std::string> unset;
    try {
      return substitute(value, both, unset);
    } catch (const InterpolationError& error) {
      refuse(error.message, error.hint);
    }
  }

  std::shared_ptr<const document::Source> source_;
  std::string_view rest_;
  const Lookup& lookup_;
  int line_ = 1;
  std::vector<Variable> variables_;
  std::map<std::string, std::string, std::less<>> known_;
};

}  // namespace

std::vector<Variable> parse_env_file(std::string_view text, const std::string& name, const Lookup& lookup) {
  return Reader(text, name, lookup).read();
}

std::vector<Variable> parse_raw_env_file(std::string_view text) {
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
