#pragma once

#include <optional>
#include <string>

namespace fresh::bench {

/// What a figure is held to.
struct Bar {
  enum class Kind { at_most, times_faster };
  Kind kind = Kind::at_most;
  double value = 0;

  bool holds(double measured) const;
  /// `at most 15`, `1.25 x`.
  std::string text() const;
};

/// The bar that the project sets itself: for `who` = `fresh-clone` on the figure alone (milliseconds or MB),
/// for a peer or the floor on how many times faster than it fresh-clone is. Nothing where there is none.
std::optional<Bar> bars_of(const std::string& engine, const std::string& stack, const std::string& what,
                           const std::string& who);

}  // namespace fresh::bench
