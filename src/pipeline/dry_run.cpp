#include "pipeline/dry_run.h"

#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "compose/observe.h"
#include "compose/plan.h"
#include "images/list.h"
#include "notebooks/discover.h"
#include "pipeline/connect.h"
#include "pipeline/gate.h"
#include "pipeline/project.h"
#include "pipeline/stack.h"
#include "source/git.h"

namespace fresh::pipeline {
namespace {

constexpr base::Milliseconds look_deadline(30'000);

/// The text under construction: a heading per gate, lines below.
class Sheet {
 public:
  void gate(Gate gate) { text_ += fmt::format("{:<20} {}\n", gate_id(gate), gate_title(gate)); }
  void line(std::string_view line) { text_ += fmt::format("  {}\n", line); }
  void lines(std::string_view lines) {
    while (!lines.empty()) {
      const auto end = lines.find('\n');
      line(lines.substr(0, end));
      lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    }
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void reset_and_stack(Sheet& sheet, const ProjectSpec& project, const RunSettings& settings,
                     const compose::Project& stack, const compose::Observed& observed) {
  sheet.gate(Gate::reset);
  if (settings.reset) {
    const auto plan = compose::plan_down(observed, {.volumes = true});
    sheet.lines(plan.steps.empty() ? "nothing to remove" : compose::to_text(plan));
  } else {
    sheet.line("state is kept (--no-reset)");
  }
  sheet.gate(Gate::deploy_vault);
  const auto plan = compose::plan(stack, settings.reset ? compose::Observed{} : observed, {});
  sheet.lines(plan.steps.empty() ? "nothing to do" : compose::to_text(plan));
  sheet.gate(Gate::runtime_contract);
  for (const auto& contract : project.contracts) {
    sheet.line(fmt::format("{}: {}", contract.service, shown(contract)));
  }
}

void rest(Sheet& sheet, const ProjectSpec& project, const RunSettings& settings) {
  sheet.gate(Gate::seed);
  sheet.line(project.seed ? fmt::format("run '{}' with DEMO_SEED={}", project.seed->service, settings.seed)
                          : "the project declares no seed job");
  sheet.gate(Gate::notebooks);
  if (!project.notebooks || settings.skip_notebooks) {
    sheet.line(settings.skip_notebooks ? "skipped by --skip-notebooks" : "the project declares no notebooks");
  } else {
    for (const auto& notebook : notebooks::discover(*project.notebooks, project.folder)) {
      sheet.line(notebook.path);
    }
  }
  sheet.gate(Gate::determinism);
  sheet.line("compare the results with the baseline of the same commit, seed and mode");
  sheet.gate(Gate::status);
  sheet.line("write exports/<run-id>/");
}

}  // namespace

std::string dry_run(const Surroundings& surroundings, const RunSettings& settings, EventBus& bus,
                    const base::Clock& clock, const std::stop_token& stop) {
  Sheet sheet;
  const ProjectSpec project = load_project(surroundings.project_folder);
  const auto commit = source::read_commit(project.folder);
  sheet.gate(Gate::precheck);
  sheet.line(fmt::format("project '{}' at commit {}{}", project.name, commit.sha.substr(0, 12), commit.dirty ? " (dirty)" : ""));
  const auto stack = project.stack.files.empty() ? compose::Project{}
                                                 : load_stack_model(project, surroundings, settings.seed, {});
  sheet.gate(Gate::podman);
  const Connection connection =
      connect(surroundings, named_engine(surroundings, project.engine), false, bus, clock, stop);
  engine::EngineReader& reader = *connection.engine;
  sheet.line(fmt::format("{} ({}: {})", connection.uri, connection.origin, connection.why));
  sheet.gate(Gate::env);
  sheet.line(fmt::format("provider {}", environment::shown(project.environment.provider)));
  sheet.gate(Gate::build);
  for (const auto& image : images::list(project.images, reader,
                                        {.project = project.name,
                                         .project_folder = project.folder,
                                         .cache_folder = surroundings.cache_home(),
                                         .clock = clock,
                                         .sink = base::ignore_event,
                                         .stop = stop})) {
    sheet.line(fmt::format("{}: {}", image.name, shown(image.state)));
  }
  const engine::Call call{.deadline = look_deadline, .stop = stop};
  reset_and_stack(sheet, project, settings, stack, compose::observe(reader, project.name, call));
  rest(sheet, project, settings);
  return sheet.take();
}

}  // namespace fresh::pipeline
