#pragma once

#include "determinism/baseline.h"

#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace fresh::determinism {

/// The committed `fresh-clone.lock`: at most one baseline of each seed, mode and profile.
class BaselineSet {
 public:
  /// Reads what document() made, or the one baseline that baseline_document() made. Throws base::Error
  /// (determinism) that names `name` for anything else, for two baselines of one seed, mode and profile, and
  /// for a fingerprint that is not the one of its leaves.
  static BaselineSet read(std::string_view document, const std::string& name);

  /// The baseline of the outcome's seed, mode and profile; nullptr where there is none. Valid until put().
  const Baseline* find(const Baseline& outcome) const;

  /// Puts the outcome in the place of the baseline of its seed, mode and profile; the others stay.
  void put(Baseline outcome);

  /// What there is, for messages: `seed 42, mode strict, profile dev; ...`, or `none`.
  std::string contents() const;

  /// JSON, sorted, one leaf a line, without texts; ends with a newline. The same set gives the same bytes.
  std::string document() const;

 private:
  std::map<std::tuple<std::string, std::int64_t, std::string>, Baseline> baselines_;
};

/// What a baseline is of: `seed 42, mode strict, profile default`.
std::string key_text(const Baseline& baseline);

}  // namespace fresh::determinism
