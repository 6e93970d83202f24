#pragma once

#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::trust {

/// Hides secrets by their value: whatever path a secret took into a text, it comes out as `***`. May be
/// shared between threads, and learns more secrets while it is in use. A secret of several lines is hidden
/// line by line as well, so text may be given line by line.
class Redactor {
 public:
  /// Values shorter than 8 characters are not hidden: they occur in ordinary text.
  explicit Redactor(const std::vector<std::string>& secrets);

  /// Hides these as well, from now on.
  void add(const std::vector<std::string>& secrets);
  std::string redact(std::string_view text) const;
  /// Whether `text` holds a secret.
  bool finds_secret(std::string_view text) const;

 private:
  mutable std::shared_mutex mutex_;
  std::vector<std::string> values_;  // longest first, so that a secret inside another does not split it
};

}  // namespace fresh::trust
