#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "determinism/baseline_set.h"
#include "determinism/compare.h"
#include "pipeline/artifacts.h"
#include "pipeline/context.h"

#include <fmt/format.h>

namespace fresh::pipeline {
namespace {

using determinism::Baseline;
using determinism::BaselineSet;
using determinism::Comparison;

/// What the results are held against: the ledger's baseline of this very commit, and the committed one.
struct Held {
  std::string source;
  Baseline baseline;
};

state::BaselineKey key_of(const Context& context) {
  return {.commit = context.commit.sha,
          .seed = context.settings.seed,
          .mode = context.settings.mode(),
          .profile = context.profile()};
}

/// A committed baseline is of an earlier commit by nature; seed, mode and profile must be the same.
std::optional<Held> committed(const Context& context, const std::filesystem::path& file, bool must_exist) {
  if (file.empty()) {
    return std::nullopt;
  }
  const auto text = must_exist ? std::optional(base::read_file(file)) : base::read_file_if_exists(file);
  if (!text) {
    return std::nullopt;
  }
  const std::string name = file.filename().string();
  const auto set = BaselineSet::read(*text, name);
  const Baseline* found = set.find(context.outcome);
  if (found == nullptr && must_exist) {
    throw base::Error(base::ExitCode::determinism,
                      fmt::format("'{}' has no baseline for {}; it has: {}", name,
                                  determinism::key_text(context.outcome), set.contents()),
                      "name a baseline of the same seed, mode and profile");
  }
  if (found == nullptr) {
    return std::nullopt;
  }
  Held held{name, *found};
  held.baseline.commit = context.outcome.commit;
  return held;
}

std::vector<Held> baselines(Context& context) {
  std::vector<Held> held;
  if (const auto known = context.ledger->find_baseline(key_of(context))) {
    held.push_back({"ledger", determinism::read_baseline(known->document, "the ledger")});
  }
  if (context.settings.update_baseline) {
    return held;
  }
  const auto& named = context.settings.baseline_file;
  const auto& declared = context.project.determinism.baseline;
  if (auto one = named ? committed(context, *named, true) : committed(context, declared, false)) {
    held.push_back(*std::move(one));
  } else if (!declared.empty()) {
    context.declared_baseline_missed = true;
    context.bus.warn("determinism",
                     fmt::format("'{}' has no baseline for {}; write one with --update-baseline",
                                 declared.filename().string(), determinism::key_text(context.outcome)));
  }
  return held;
}

GateVerdict differ(Context& context, const Held& held, const Comparison& comparison) {
  auto& report = context.report.baseline;
  report = {.verdict = "different",
            .source = held.source,
            .fingerprint = comparison.baseline_fingerprint,
            .differences = determinism::difference_lines(comparison)};
  const std::string explained = determinism::explain(comparison);
  base::write_file_atomic(context.folder / "determinism_report.txt", explained);
  for (const auto& line : report.differences) {
    context.bus.warn("determinism", line);
  }
  if (!comparison.comparable) {
    return GateVerdict::failed(
        base::ExitCode::determinism,
        fmt::format("cannot be compared with {}: {}", held.source, comparison.not_comparable_because),
        "results of other rules cannot be compared; commit, and run with --update-baseline");
  }
  std::string moved;
  for (const auto& input : comparison.moved_inputs) {
    moved += (moved.empty() ? "; inputs that moved: " : ", ") + input.name;
  }
  const auto& first = report.differences.front();
  return GateVerdict::failed(
      base::ExitCode::determinism,
      fmt::format("{} of {} results differ from {}: {}{}", report.differences.size(), comparison.leaves,
                  held.source, first, moved),
      fmt::format("read determinism_report.txt of this run; if the change is meant, commit it and run with "
                  "--update-baseline (baseline: {})",
                  held.source));
}

std::string grade_of(const Context& context, bool inputs_moved) {
  if (!context.outcome.opt_outs.empty() || inputs_moved || context.declared_baseline_missed ||
      !context.report.drifts.empty() || !context.open_builds.empty()) {
    return "B";
  }
  return "A";
}

GateVerdict nothing_to_compare(Context& context) {
  auto& report = context.report;
  if (context.commit.dirty) {
    report.baseline.verdict = "not_compared";
    report.grade = "C";
    return GateVerdict::skipped("no baseline, and a dirty work tree records none");
  }
  context.ledger->record_baseline({.key = key_of(context),
                                   .fingerprint = report.fingerprint,
                                   .document = determinism::baseline_document(context.outcome, true),
                                   .run = context.run_id,
                                   .recorded_at = base::rfc3339(context.clock.wall())});
  report.baseline = {.verdict = "recorded", .source = "ledger", .fingerprint = report.fingerprint};
  report.determinism_passed = true;
  report.grade = grade_of(context, false);
  return GateVerdict::passed(
      fmt::format("{} results recorded as the first baseline of commit {}, seed {}, mode {}",
                  context.outcome.results.size(), context.commit.sha.substr(0, 12), context.settings.seed,
                  context.settings.mode()));
}

/// The baselines of other seeds, modes and profiles stay as they are.
void update_lock(Context& context) {
  const auto& file = context.project.determinism.baseline;
  if (!context.settings.update_baseline) {
    return;
  }
  const std::string name = file.filename().string();
  const auto text = base::read_file_if_exists(file);
  auto set = text ? BaselineSet::read(*text, name) : BaselineSet();
  set.put(context.outcome);
  base::write_file_atomic(file, set.document());
  context.bus.notice("determinism", fmt::format("'{}' written for {}; commit it", name,
                                                determinism::key_text(context.outcome)));
}

}  // namespace

GateVerdict prove_determinism(Context& context) {
  auto& outcome = context.outcome;
  outcome.commit = context.commit.sha;
  outcome.seed = context.settings.seed;
  outcome.mode = context.settings.mode();
  outcome.profile = context.profile();
  for (const auto& [path, digest] :
       artifact_digests(context.project.folder, context.project.determinism.artifacts)) {
    outcome.results["artifact/" + path] = digest;
    context.report.artifacts[path] = digest;
  }
  // The texts explain a difference and go into files; the leaves are hashes of what really came out.
  for (auto& [leaf, text] : outcome.texts) {
    text = context.redactor->redact(text);
  }
  context.report.fingerprint = determinism::fingerprint(outcome.results);
  context.report.inputs_fingerprint = determinism::fingerprint(outcome.inputs);
  base::write_file_atomic(context.folder / "fingerprint.json", determinism::baseline_document(outcome, true));
  if (context.settings.skip_notebooks) {
    return GateVerdict::skipped("--skip-notebooks: results without notebooks prove nothing");
  }
  const auto held = baselines(context);
  if (held.empty()) {
    GateVerdict verdict = nothing_to_compare(context);
    update_lock(context);
    return verdict;
  }
  bool inputs_moved = false;
  std::string sources;
  for (const auto& one : held) {
    const Comparison comparison = determinism::compare(one.baseline, outcome);
    if (!comparison.equal()) {
      GateVerdict verdict = differ(context, one, comparison);
      context.report.grade = "C";
      return context.settings.strict ? verdict
                                     : GateVerdict::skipped("--no-strict-determinism: " + verdict.reason);
    }
    inputs_moved = inputs_moved || !comparison.moved_inputs.empty();
    sources += (sources.empty() ? "" : " and ") + one.source;
  }
  context.report.baseline = {
      .verdict = "equal", .source = sources, .fingerprint = context.report.fingerprint};
  context.report.determinism_passed = true;
  context.report.grade = grade_of(context, inputs_moved);
  update_lock(context);
  return GateVerdict::passed(fmt::format("{} results equal {}", outcome.results.size(), sources));
}

}  // namespace fresh::pipeline
