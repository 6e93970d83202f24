#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fresh::source {

/// The rules of a .dockerignore file (Docker's documentation of build contexts): one pattern a line, `#`
/// comments, `*`,
/// `?`, `[a-z]`, `**` over folders, `!` takes back; a pattern that matches a folder matches all below it; the
/// last match decides. Patterns are anchored at the root of the context.
class IgnoreRules {
 public:
  IgnoreRules() = default;
  explicit IgnoreRules(std::string_view text);

  /// `path` is relative to the context, with '/' between.
  bool ignored(std::string_view path) const;
  /// True when a folder that is ignored may still hold something that is not.
  bool has_exceptions() const { return has_exceptions_; }

 private:
  struct Rule {
    std::string pattern;
    bool keeps = false;
  };
  std::vector<Rule> rules_;
  bool has_exceptions_ = false;
};

/// Whether `pattern` matches the whole of `path`.
bool glob_matches(std::string_view pattern, std::string_view path);

}  // namespace fresh::source
