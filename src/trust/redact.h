#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fresh::trust {

/// Hides secrets by their value: whatever path a secret took into a text, it comes out as `***`. May be
/// shared between threads. A secret of several lines is hidden line by line as well, so text may be given
/// line by line.
class Redactor {
 public:
  /// Values shorter than 8 characters are not hidden: they occur in ordinary text.
  explicit Redactor(const std::vector<std::string>& secrets);

  std::string redact(std::string_view text) const;
  /// Whether `text` holds a secret.
  bool finds_secret(std::string_view text) const;

 private:
  std::vector<std::string> values_;  // longest first, so that a secret inside another does not split it
};

}  // namespace fresh::trust
