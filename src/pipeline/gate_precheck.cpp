#include "base/error.h"
#include "base/file.h"
#include "base/step_scope.h"
#include "determinism/baseline_set.h"
#include "environment/tools.h"
#include "pipeline/context.h"
#include "pipeline/stack.h"
#include "pipeline/stack_images.h"
#include "pipeline/vault_stack.h"

#include <fmt/core.h>

namespace fresh::pipeline {
namespace {

using environment::Check;

constexpr std::int64_t need_exports_bytes = std::int64_t{256} << 20U;
constexpr std::int64_t need_cache_bytes = std::int64_t{4} << 30U;

std::vector<environment::ToolNeed> needs_of(const ProjectSpec& project) {
  std::vector<environment::ToolNeed> needs;
  for (const auto& image : project.images) {
    if (std::holds_alternative<images::BaseSource>(image.source)) {
      needs.push_back({"mmdebstrap", fmt::format("base image '{}'", image.name), "mmdebstrap", false});
      break;
    }
  }
  return needs;
}

std::vector<Check> required_files(const ProjectSpec& project) {
  std::vector<Check> checks;
  const auto require = [&](const std::filesystem::path& path) {
    const bool exists = std::filesystem::exists(path);
    const std::string shown = path.lexically_relative(project.folder).string();
    checks.push_back(
        {"file:" + shown, exists, exists ? "present" : "missing", "present",
         fmt::format("add '{}', for example from the repository: git checkout -- '{}'", shown, shown)});
  };
  for (const auto& file : project.required_files) {
    require(project.folder / file);
  }
  if (project.notebooks) {
    for (const auto& path : project.notebooks->paths) {
      require(project.folder / path);
    }
  }
  return checks;
}

/// A clone that keeps its results in a ledger must know which commit they are of.
void read_commit(Context& context) {
  context.commit = source::read_commit(context.project.folder);
  context.report.commit_sha = context.commit.sha;
  context.report.dirty = context.commit.dirty;
  if (context.commit.dirty) {
    std::string shown;
    for (std::size_t i = 0; i < context.commit.dirty_paths.size() && i < 5; ++i) {
      shown += (i == 0 ? "" : ", ") + context.commit.dirty_paths[i];
    }
    context.bus.warn(
        "git",
        fmt::format("the work tree has {} changes that are not committed ({}{}): this run is not recorded "
                    "as a baseline",
                    context.commit.dirty_paths.size(), shown,
                    context.commit.dirty_paths.size() > 5 ? ", ..." : ""));
  }
}

void open_ledger(Context& context) {
  context.ledger = std::make_unique<state::Ledger>(context.surroundings.state_folder() / "ledger.sqlite");
  for (const auto& dead : context.ledger->settle_dead_runs(base::rfc3339(context.clock.wall()))) {
    context.bus.notice("run:" + dead, "an earlier run ended without a word; it is recorded as died");
  }
  context.ledger->begin_run({.id = context.run_id,
                             .project = context.project.name,
                             .commit = context.report.commit_sha,
                             .dirty = context.report.dirty,
                             .seed = context.settings.seed,
                             .mode = context.settings.mode(),
                             .result = "RUNNING",
                             .started = base::rfc3339(context.report.started)});
}

/// A baseline that cannot be read is found before anything runs.
void check_baseline_file(const std::filesystem::path& file, const std::string& named_by) {
  constexpr std::uintmax_t largest = std::uintmax_t{64} << 20U;
  if (!std::filesystem::is_regular_file(file) || std::filesystem::file_size(file) > largest) {
    throw base::Error(base::ExitCode::precheck,
                      fmt::format("{} '{}' is no file of 64 MiB or less", named_by, file.string()),
                      "name a fresh-clone.lock or a fingerprint.json");
  }
  determinism::BaselineSet::read(base::read_file(file), file.filename().string());
}

void make_credentials(Context& context) {
  context.credentials = ensure_project_credentials(context.project, context.surroundings);
  context.redactor->add(trust::values_of(context.credentials));
  context.bus.filter([redactor = context.redactor](std::string_view text) { return redactor->redact(text); });
}

}  // namespace

GateVerdict precheck(Context& context) {
  context.project = load_project(context.surroundings.project_folder);
  context.report.project = context.project.name;
  read_commit(context);
  if (context.settings.update_baseline &&
      (context.commit.dirty || context.project.determinism.baseline.empty())) {
    return GateVerdict::failed(
        base::ExitCode::precheck, "--update-baseline cannot write a baseline here",
        context.commit.dirty ? "commit or undo what changed; a dirty work tree makes no baseline"
                             : "declare 'determinism: {baseline: fresh-clone.lock}' in fresh-clone.yaml");
  }
  if (context.settings.baseline_file) {
    check_baseline_file(*context.settings.baseline_file, "--baseline");
  }
  if (std::filesystem::exists(context.project.determinism.baseline)) {
    check_baseline_file(context.project.determinism.baseline, "determinism.baseline");
  }
  open_ledger(context);
  make_credentials(context);
  if (!context.project.stack.files.empty()) {
    context.stack = load_stack_model(context.project, context.surroundings, context.settings.seed, {});
    context.seed_stack = context.stack;
    if (context.project.seed) {
      context.seed_stack =
          load_stack_with_seeder(context.project, context.surroundings, context.settings.seed);
    }
    check_stack_names(context.project, context.seed_stack);
    context.project.images =
        stack_images(context.project, context.seed_stack,
                     load_stack_model(context.project, context.surroundings, context.settings.seed, {"*"}));
    for (const auto& warning : context.stack.warnings) {
      context.bus.warn("compose", warning);
    }
  }

  std::vector<Check> checks = environment::check_tools(needs_of(context.project), context.stop);
  for (auto& check : required_files(context.project)) {
    checks.push_back(std::move(check));
  }
  if (context.project.vault) {
    checks.push_back(check_key_file(context.project));
  }
  checks.push_back(environment::check_disk(context.folder, need_exports_bytes));
  checks.push_back(environment::check_disk(context.surroundings.cache_home(), need_cache_bytes));
  checks.push_back(environment::check_writable(context.folder));
  checks.push_back(environment::check_writable(context.surroundings.cache_home()));
  for (const auto& check : checks) {
    base::StepScope step(context.sink, context.clock, "check:" + check.id, check.found);
    if (check.ok) {
      step.finish("ok");
    }
  }
  if (const auto bad = environment::failed(checks); !bad.empty()) {
    std::string reason;
    for (const auto& check : bad) {
      reason += fmt::format("{}{}: expected {}, found {}", reason.empty() ? "" : "; ", check.id,
                            check.expected, check.found);
    }
    return GateVerdict::failed(base::ExitCode::precheck, reason, bad.front().remedy);
  }
  return GateVerdict::passed(fmt::format("{} checks, commit {}{}", checks.size(),
                                         context.commit.sha.substr(0, 12),
                                         context.commit.dirty ? " (dirty)" : ""));
}

}  // namespace fresh::pipeline
