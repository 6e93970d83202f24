#pragma once

#include "determinism/leaves.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace fresh::determinism {

/// The `format` of a document of one baseline.
inline constexpr const char* baseline_format = "fresh-clone.lock/1";

/// The outcome of a run in the form in which it is compared: what came out (`results`) and what went in
/// (`inputs`). Baselines of different commit, seed, mode, profile or rules are not comparable.
struct Baseline {
  std::string rules = rules_id;
  std::string commit = {};
  std::int64_t seed = 0;
  std::string mode = {};
  std::string profile = {};
  /// The controls with their values; each is a leaf of the results too, by setting_leaves().
  std::map<std::string, std::string> controls = {};
  Leaves results = {};
  Leaves inputs = {};
  /// How often which rule of normalisation was applied, over all notebooks.
  Ledger ledger = {};
  /// Cells that are declared nondeterministic: leaf -> reason. Their outputs are in no leaf.
  std::map<std::string, std::string> opt_outs = {};
  /// Texts behind some leaves, so that a later difference can be shown; may be empty.
  std::map<std::string, std::string> texts = {};

  bool operator==(const Baseline&) const = default;
};

/// Adds a notebook's leaves, texts, ledger and opt-outs.
void add_notebook(Baseline& baseline, const CanonicalNotebook& notebook);

/// The document for the ledger and `fingerprint.json` (`with_texts`) or for one of the committed baselines:
/// JSON, sorted, one leaf per line, ends with a newline. The same value gives the same bytes.
std::string baseline_document(const Baseline& baseline, bool with_texts);

/// Reads a document that baseline_document made. Throws base::Error (determinism) that names `name` for
/// anything else, and when the fingerprint it states is not the one of its leaves.
Baseline read_baseline(std::string_view document, const std::string& name);

}  // namespace fresh::determinism
