#include "source/ignore_rules.h"

#include "base/lines.h"

#include <algorithm>
#include <filesystem>

namespace fresh::source {
namespace {

std::string cleaned(std::string_view pattern) {
  std::string clean = std::filesystem::path(pattern).lexically_normal().generic_string();
  while (clean.starts_with('/')) {
    clean.erase(0, 1);
  }
  while (clean.ends_with('/')) {
    clean.pop_back();
  }
  return clean == "." ? std::string() : clean;
}

/// Matches with a table of what was tried before, so that hostile patterns cost no more than pattern x path.
class Glob {
 public:
  Glob(std::string_view pattern, std::string_view path)
      : pattern_(pattern), path_(path), tried_((pattern.size() + 1) * (path.size() + 1)) {}

  bool from(std::size_t at, std::size_t in) {
    auto&& tried = tried_[at * (path_.size() + 1) + in];
    if (tried) {
      return false;
    }
    tried = true;
    if (at == pattern_.size()) {
      return in == path_.size();
    }
    if (pattern_.substr(at).starts_with("**")) {
      return from_double_star(at, in);
    }
    if (pattern_[at] == '*') {
      return from(at + 1, in) || (in < path_.size() && path_[in] != '/' && from(at, in + 1));
    }
    if (in == path_.size()) {
      return false;
    }
    if (pattern_[at] == '?') {
      return path_[in] != '/' && from(at + 1, in + 1);
    }
    if (pattern_[at] == '[') {
      if (const std::size_t end = class_end(at); end != std::string_view::npos) {
        return path_[in] != '/' && class_has(at + 1, end, path_[in]) && from(end + 1, in + 1);
      }
    }
    const std::size_t literal = pattern_[at] == '\\' && at + 1 < pattern_.size() ? at + 1 : at;
    return pattern_[literal] == path_[in] && from(literal + 1, in + 1);
  }

 private:
  bool from_double_star(std::size_t at, std::size_t in) {
    const bool whole_folders = pattern_.substr(at).starts_with("**/");
    const std::size_t after = at + (whole_folders ? 3 : 2);
    for (std::size_t next = in; next <= path_.size(); ++next) {
      const bool at_boundary = next == in || path_[next - 1] == '/';
      if ((!whole_folders || at_boundary) && from(after, next)) {
        return true;
      }
    }
    return false;
  }

  std::size_t class_end(std::size_t at) const {
    std::size_t in = at + 1;
    if (in < pattern_.size() && (pattern_[in] == '^' || pattern_[in] == '!')) {
      ++in;
    }
    return pattern_.find(']', in + 1);
  }

  bool class_has(std::size_t begin, std::size_t end, char byte) const {
    const bool negated = pattern_[begin] == '^' || pattern_[begin] == '!';
    bool found = false;
    for (std::size_t i = begin + (negated ? 1 : 0); i < end; ++i) {
      if (i + 2 < end && pattern_[i + 1] == '-') {
        found = found || (pattern_[i] <= byte && byte <= pattern_[i + 2]);
        i += 2;
      } else {
        found = found || pattern_[i] == byte;
      }
    }
    return found != negated;
  }

  std::string_view pattern_;
  std::string_view path_;
  std::vector<bool> tried_;
};

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view path) {
  return Glob(pattern, path).from(0, 0);
}

IgnoreRules::IgnoreRules(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('#')) {
      continue;
    }
    line = base::trimmed(line);
    const bool keeps = line.starts_with('!');
    if (std::string pattern = cleaned(base::trimmed(line.substr(keeps ? 1 : 0))); !pattern.empty()) {
      rules_.push_back({std::move(pattern), keeps});
      has_exceptions_ = has_exceptions_ || keeps;
    }
  }
}

bool IgnoreRules::ignored(std::string_view path) const {
  const auto matches = [&](const Rule& rule) {
    for (std::size_t end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1)) {
      if (glob_matches(rule.pattern, path.substr(0, end))) {
        return true;
      }
    }
    return glob_matches(rule.pattern, path);
  };
  const auto last = std::find_if(rules_.rbegin(), rules_.rend(), matches);
  return last != rules_.rend() && !last->keeps;
}

}  // namespace fresh::source
