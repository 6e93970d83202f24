#include "determinism/compare.h"

#include "base/sha256.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace fresh::determinism {
namespace {

using Texts = std::map<std::string, std::string>;

const std::string* text_of(const Texts& texts, const std::string& name) {
  const auto found = texts.find(name);
  return found == texts.end() ? nullptr : &found->second;
}

std::string digest_of(const Leaves& leaves, const std::string& name) {
  const auto found = leaves.find(name);
  return found == leaves.end() ? std::string() : found->second;
}

/// The names whose digests differ, sorted.
std::vector<std::string> differing(const Leaves& a, const Leaves& b) {
  std::set<std::string> names;
  for (const auto& [name, digest] : a) {
    if (digest_of(b, name) != digest) {
      names.insert(name);
    }
  }
  for (const auto& [name, digest] : b) {
    if (!a.contains(name)) {
      names.insert(name);
    }
  }
  return {names.begin(), names.end()};
}

std::string first_line(const std::string& source) {
  const auto begin = source.find_first_not_of(" \t\n");
  return begin == std::string::npos ? std::string() : source.substr(begin, source.find('\n', begin) - begin);
}

int count_cells(const Leaves& leaves, const std::string& notebook) {
  int cells = 0;
  const std::string prefix = "notebook/" + notebook + "#c";
  for (auto at = leaves.lower_bound(prefix); at != leaves.end() && at->first.starts_with(prefix); ++at) {
    cells = std::max(cells, parse_leaf(at->first).cell);
  }
  return cells;
}

std::set<std::string> notebooks_of(const Leaves& leaves) {
  std::set<std::string> notebooks;
  for (const auto& [name, digest] : leaves) {
    if (const LeafName leaf = parse_leaf(name); !leaf.notebook.empty()) {
      notebooks.insert(leaf.notebook);
    }
  }
  return notebooks;
}

Difference describe(const std::string& name, const Baseline& baseline, const Baseline& current) {
  Difference difference{.leaf = parse_leaf(name),
                        .baseline_digest = digest_of(baseline.results, name),
                        .current_digest = digest_of(current.results, name)};
  if (name.starts_with("control/")) {
    const std::string control = name.substr(std::string_view("control/").size());
    const auto* was = text_of(baseline.controls, control);
    const auto* is = text_of(current.controls, control);
    difference.text =
        TextDifference{1, was == nullptr ? "(not set)" : *was, is == nullptr ? "(not set)" : *is};
    return difference;
  }
  if (difference.leaf.notebook.empty()) {
    return difference;
  }
  difference.cells = count_cells(current.results, difference.leaf.notebook);
  const std::string cell = fmt::format("notebook/{}#c{:03}", difference.leaf.notebook, difference.leaf.cell);
  const auto* source = text_of(current.texts, cell);
  if (source == nullptr) {
    source = text_of(baseline.texts, cell);
  }
  const std::string cell_source = source == nullptr ? std::string() : *source;
  difference.first_source_line = first_line(cell_source);
  const auto* was = text_of(baseline.texts, name);
  const auto* is = text_of(current.texts, name);
  if (was != nullptr && is != nullptr) {
    difference.text = first_difference(*was, *is);
  }
  difference.cause = guess_cause(was == nullptr || is == nullptr ? "" : *was,
                                 was == nullptr || is == nullptr ? "" : *is, cell_source);
  return difference;
}

std::string why_not_comparable(const Baseline& a, const Baseline& b) {
  const auto other = [](std::string_view what, const auto& left, const auto& right) {
    return fmt::format("the baseline was made with {} {}, this run with {}", what, left, right);
  };
  if (a.rules != b.rules) {
    return other("the rules", a.rules, b.rules);
  }
  if (a.commit != b.commit) {
    return other("commit", a.commit, b.commit);
  }
  if (a.seed != b.seed) {
    return other("seed", a.seed, b.seed);
  }
  if (a.mode != b.mode) {
    return other("mode", a.mode, b.mode);
  }
  return a.profile == b.profile ? std::string() : other("profile", a.profile, b.profile);
}

}  // namespace

Comparison compare(const Baseline& baseline, const Baseline& current) {
  Comparison comparison{.not_comparable_because = why_not_comparable(baseline, current),
                        .leaves = current.results.size(),
                        .baseline_fingerprint = fingerprint(baseline.results),
                        .current_fingerprint = fingerprint(current.results)};
  comparison.comparable = comparison.not_comparable_because.empty();
  if (!comparison.comparable) {
    return comparison;
  }
  const auto before = notebooks_of(baseline.results);
  const auto now = notebooks_of(current.results);
  std::set<std::string> whole;
  for (const std::string& name : differing(baseline.results, current.results)) {
    const std::string notebook = parse_leaf(name).notebook;
    if (notebook.empty() || before.contains(notebook) == now.contains(notebook)) {
      comparison.differences.push_back(describe(name, baseline, current));
    } else if (whole.insert(notebook).second) {
      // A notebook that came or went is one difference, not one per cell.
      const std::string digest = base::sha256_hex(notebook);
      comparison.differences.push_back({.leaf = {.name = "notebook/" + notebook},
                                        .baseline_digest = before.contains(notebook) ? digest : "",
                                        .current_digest = now.contains(notebook) ? digest : ""});
    }
  }
  for (const std::string& name : differing(baseline.inputs, current.inputs)) {
    comparison.moved_inputs.push_back(
        {name, digest_of(baseline.inputs, name), digest_of(current.inputs, name)});
  }
  return comparison;
}

}  // namespace fresh::determinism
