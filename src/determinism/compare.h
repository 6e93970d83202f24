#pragma once

#include "determinism/baseline.h"
#include "determinism/cause.h"
#include "determinism/text_difference.h"

#include <optional>
#include <string>
#include <vector>

namespace fresh::determinism {

/// One leaf of the results that is not what it was, with all that is known about it.
struct Difference {
  LeafName leaf;
  std::string baseline_digest = {};  ///< empty: only now
  std::string current_digest = {};   ///< empty: only in the baseline
  std::string first_source_line = {};
  int cells = 0;                            ///< code cells of the notebook, 0 when unknown
  std::optional<TextDifference> text = {};  ///< when both texts are known
  Cause cause = {};                         ///< guessed
};

/// An input that is another one than in the baseline. Digests are empty where there was or is none.
struct MovedInput {
  std::string name;
  std::string baseline;
  std::string current;
};

struct Comparison {
  bool comparable = true;  ///< false: other rules, commit, seed, mode or profile
  std::string not_comparable_because = {};
  std::vector<Difference> differences = {};  ///< sorted by leaf name
  std::vector<MovedInput> moved_inputs = {};
  std::size_t leaves = 0;  ///< of the results, in the current run
  std::string baseline_fingerprint = {};
  std::string current_fingerprint = {};

  /// The results are the same; inputs may have moved.
  bool equal() const { return comparable && differences.empty(); }
};

/// Holds the results of a run against a baseline. A cell that differs is reported with its outputs; pure.
Comparison compare(const Baseline& baseline, const Baseline& current);

/// The report for people, at most 14 lines: the first two differences in full, then the counts, then which
/// inputs moved.
std::string explain(const Comparison& comparison);

/// One line per difference: `notebooks/eda.ipynb cell 7 output 1 text/html: unseeded RNG (guessed)`.
std::vector<std::string> difference_lines(const Comparison& comparison);

}  // namespace fresh::determinism
