#include "determinism/compare.h"

#include <fmt/format.h>

#include <algorithm>

namespace fresh::determinism {
namespace {

constexpr std::size_t differences_in_full = 2;
constexpr std::size_t inputs_named = 3;
constexpr std::size_t text_width = 72;

std::string short_digest(const std::string& digest) {
  return digest.empty() ? "none" : digest.substr(0, 12);
}

std::string subject(const Difference& difference) {
  const LeafName& leaf = difference.leaf;
  if (leaf.notebook.empty()) {
    return leaf.name;
  }
  std::string out = fmt::format("{} cell {}", leaf.notebook, leaf.cell);
  return leaf.output == 0 ? out : out + fmt::format(" output {} {}", leaf.output, leaf.mime);
}

/// What kind of difference it is where no text can show it.
std::string shape(const Difference& difference) {
  if (difference.baseline_digest.empty()) {
    return "only in this run";
  }
  if (difference.current_digest.empty()) {
    return "only in the baseline";
  }
  if (!difference.leaf.notebook.empty() && difference.leaf.output == 0) {
    return "source, status or number of outputs changed";
  }
  return fmt::format("{} != {}", short_digest(difference.baseline_digest),
                     short_digest(difference.current_digest));
}

void add(const Difference& difference, std::vector<std::string>& lines) {
  const LeafName& leaf = difference.leaf;
  if (leaf.notebook.empty()) {
    lines.push_back(fmt::format(" {}", leaf.name));
  } else {
    lines.push_back(
        fmt::format(" {}  cell {} of {} `{}`{}", leaf.notebook, leaf.cell, difference.cells,
                    excerpt(difference.first_source_line, "", 48),
                    leaf.output == 0 ? "" : fmt::format("  output {} {}", leaf.output, leaf.mime)));
  }
  if (difference.text) {
    const auto& [line, baseline, current] = *difference.text;
    lines.push_back(fmt::format("   A  line {}  {}", line, excerpt(baseline, current, text_width)));
    lines.push_back(fmt::format("   B  line {}  {}", line, excerpt(current, baseline, text_width)));
  } else {
    lines.push_back("   " + shape(difference));
  }
  if (!leaf.notebook.empty()) {
    lines.push_back(fmt::format("   cause  {} (guessed){}", difference.cause.name,
                                difference.cause.fix.empty() ? "" : "   fix  " + difference.cause.fix));
  }
}

/// A cell whose number of outputs changed differs itself and in its outputs; the outputs say more.
std::vector<const Difference*> most_telling_first(const std::vector<Difference>& differences) {
  std::vector<const Difference*> order;
  for (const Difference& difference : differences) {
    order.push_back(&difference);
  }
  std::stable_sort(order.begin(), order.end(), [](const Difference* a, const Difference* b) {
    return a->text.has_value() && !b->text.has_value();
  });
  return order;
}

}  // namespace

std::vector<std::string> difference_lines(const Comparison& comparison) {
  std::vector<std::string> lines;
  for (const Difference& difference : comparison.differences) {
    const std::string cause =
        difference.leaf.notebook.empty() ? shape(difference) : difference.cause.name + " (guessed)";
    lines.push_back(subject(difference) + ": " + cause);
  }
  return lines;
}

std::string explain(const Comparison& comparison) {
  if (!comparison.comparable) {
    return fmt::format("not comparable: {}\n", comparison.not_comparable_because);
  }
  std::vector<std::string> lines;
  if (comparison.equal()) {
    lines.push_back(fmt::format("equal: {} leaves, fingerprint {}", comparison.leaves,
                                short_digest(comparison.current_fingerprint)));
  } else {
    lines.push_back(fmt::format(
        "results differ: baseline A {} != this run B {}   ({} differences, {} leaves)",
        short_digest(comparison.baseline_fingerprint), short_digest(comparison.current_fingerprint),
        comparison.differences.size(), comparison.leaves));
    const auto order = most_telling_first(comparison.differences);
    for (std::size_t i = 0; i < std::min(order.size(), differences_in_full); ++i) {
      add(*order[i], lines);
    }
    if (order.size() > differences_in_full) {
      lines.push_back(fmt::format(" and {} more", order.size() - differences_in_full));
    }
  }
  const auto& moved = comparison.moved_inputs;
  if (!moved.empty()) {
    lines.push_back(fmt::format(" inputs that moved: {}", moved.size()));
    for (std::size_t i = 0; i < std::min(moved.size(), inputs_named); ++i) {
      lines.push_back(fmt::format("   {}  {} -> {}", moved[i].name, short_digest(moved[i].baseline),
                                  short_digest(moved[i].current)));
    }
  } else if (!comparison.equal()) {
    lines.push_back(" no input moved: the same inputs gave other results");
  }
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

}  // namespace fresh::determinism
