#pragma once

#include <string>
#include <string_view>

namespace fresh::determinism {

/// Why two outputs may differ, guessed from their texts and the source of the cell; nothing was tried.
struct Cause {
  std::string name = "unknown";  ///< `unseeded RNG`, `wall clock`, `uuid`, `address in data`, `temp path`,
                                 ///< `pid`, `hash order`, `float`, `unknown`
  std::string fix = {};          ///< the line to type, empty for `unknown`
};

/// Guesses from the first place where the two texts differ. Empty texts are fine: the source alone decides
/// then.
Cause guess_cause(std::string_view baseline_text, std::string_view current_text,
                  std::string_view cell_source);

}  // namespace fresh::determinism
