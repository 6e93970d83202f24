#pragma once

#include "determinism/tokens.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::determinism {

/// The rules by which outputs are made comparable; fingerprints of different rules are never compared.
inline constexpr const char* rules_id = "fc-nbfp/1";

/// One representation of an output: what counts for equality, and what a report can show of it.
struct CanonicalMime {
  std::string digest;
  std::string text = {};  ///< the canonical text, its first 64 KiB; empty for pictures and other bytes
  std::string metadata_digest = {};  ///< PNG only: text, time and Exif chunks, no part of the digest
};

struct CanonicalOutput {
  std::string kind;  ///< `stdout`, `stderr`, `display_data`, `execute_result`, `error`
  std::map<std::string, CanonicalMime> data = {};
  std::string digest = {};
};

struct CanonicalCell {
  int index = 0;  ///< from 1, code cells only
  std::string source;
  std::string status;  ///< `ok`, `error`, `skipped`, `nondeterministic`
  std::string error_name = {};
  std::vector<CanonicalOutput> outputs = {};
  std::string opt_out_reason = {};  ///< why its outputs do not count, for status `nondeterministic`
  std::string digest = {};

  std::string first_source_line() const;
};

struct CanonicalNotebook {
  std::string path;
  std::vector<CanonicalCell> cells = {};
  std::string digest = {};
  Ledger ledger = {};
};

/// The comparable form of an executed notebook (rules S1-S10, T1-T4 of fc-nbfp/1).
/// `path` is the notebook's name in the project. Pure. Throws base::Error (notebooks) with place for what is
/// no notebook, for cells that were not executed in order, and for an opt-out without a reason.
CanonicalNotebook canonical_notebook(std::string_view executed_ipynb, const std::string& path);

}  // namespace fresh::determinism
