#include "pipeline/dry_run.h"

#include "base/error.h"
#include "compose/observe.h"
#include "compose/plan.h"
#include "images/list.h"
#include "notebooks/discover.h"
#include "pipeline/connect.h"
#include "pipeline/gate.h"
#include "pipeline/stack.h"
#include "pipeline/stack_images.h"

#include <fmt/format.h>

#include <algorithm>

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

/// What the engine holds once G3 has removed all that is the project's own; what is external stays.
compose::Observed after_reset(compose::Observed observed, const compose::Observed& removed) {
  observed.containers.clear();
  for (const auto& [name, network] : removed.networks) {
    observed.networks.erase(name);
  }
  for (const auto& [name, volume] : removed.volumes) {
    observed.volumes.erase(name);
  }
  return observed;
}

bool is_awaited_healthy(const compose::Project& stack, const std::string& image) {
  return std::any_of(stack.services.begin(), stack.services.end(), [&](const auto& dependent) {
    return std::any_of(dependent.second.depends_on.begin(), dependent.second.depends_on.end(),
                       [&](const auto& one) {
                         const auto service = stack.services.find(one.first);
                         return one.second.condition == compose::Condition::healthy &&
                                service != stack.services.end() && service->second.image == image;
                       });
  });
}

/// The images that G4 makes anew count as there, with an id that no container was made from. Whether such an
/// image has a health check is not known before it is made: one that others wait for must have it.
void add_images_to_come(compose::Observed& observed, const compose::Project& stack,
                        const std::vector<images::ListedImage>& listed) {
  for (const auto& image : listed) {
    if (image.state == images::State::missing) {
      engine::Image to_come;
      to_come.has_healthcheck = is_awaited_healthy(stack, image.name);
      observed.images.insert_or_assign(image.name, to_come);
    } else if (const auto known = observed.images.find(image.name);
               image.state == images::State::stale && known != observed.images.end()) {
      known->second.id = {};
    }
  }
}

void reset(Sheet& sheet, const RunSettings& settings, const compose::Observed& removed) {
  sheet.gate(Gate::reset);
  if (settings.reset) {
    const auto plan = compose::plan_down(removed, {.volumes = true});
    sheet.lines(plan.steps.empty() ? "nothing to remove" : compose::to_text(plan));
  } else {
    sheet.line("state is kept (--no-reset)");
  }
}

std::vector<images::ListedImage> build(Sheet& sheet, const ProjectSpec& project, engine::EngineReader& reader,
                                       const images::ProvideOptions& options) {
  sheet.gate(Gate::build);
  auto listed = images::list(project.images, reader, options);
  for (const auto& image : listed) {
    sheet.line(fmt::format("{}: {}", image.name, shown(image.state)));
  }
  return listed;
}

/// The images that only the build of a service makes. One that is missing counts as there with an id that no
/// container was made from.
std::size_t build_services(Sheet& sheet, const ProjectSpec& project, const compose::Project& stack,
                           compose::Observed& observed) {
  std::size_t count = 0;
  for (const auto& [name, service] : stack.services) {
    if (!is_built_for_itself(project, service)) {
      continue;
    }
    ++count;
    const bool is_there = observed.images.contains(service.image);
    sheet.line(fmt::format("{}: {}", service.image,
                           is_there ? "there; built anew where what goes in has changed" : "missing"));
    if (!is_there) {
      engine::Image to_come;
      to_come.has_healthcheck = is_awaited_healthy(stack, service.image);
      observed.images.insert_or_assign(service.image, to_come);
    }
  }
  return count;
}

void deploy(Sheet& sheet, const ProjectSpec& project, const compose::Project& stack,
            const compose::Observed& observed) {
  sheet.gate(Gate::deploy_vault);
  if (stack.services.empty()) {
    sheet.line("the project declares no stack");
  } else {
    const auto plan = compose::plan(stack, observed, {.gates = gate_settings(project)});
    sheet.lines(plan.empty() ? "nothing to do" : compose::to_text(plan));
    for (const auto& step : plan.steps) {
      if (const auto* probe = std::get_if<compose::Probe>(&step.request)) {
        sheet.line(fmt::format("{} must be healthy {} times in a row within {}", step.subject,
                               probe->policy.consecutive, base::shown(probe->policy.timeout)));
      }
    }
    if (project.vault && stack.services.contains(project.vault->service)) {
      sheet.line(fmt::format("vault at {}: initialise it when it is fresh, unseal it when it is sealed",
                             project.vault->address));
    }
  }
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

std::string dry_run_text(const DryRun& run, engine::EngineReader& reader, const base::Clock& clock,
                         const std::stop_token& stop) {
  const ProjectSpec& project = run.project;
  Sheet sheet;
  sheet.gate(Gate::precheck);
  sheet.line(fmt::format("project '{}' at commit {}{}", project.name, run.commit.sha.substr(0, 12),
                         run.commit.dirty ? " (dirty)" : ""));
  sheet.gate(Gate::podman);
  sheet.line(run.engine);
  sheet.gate(Gate::env);
  sheet.line(fmt::format("provider {}", environment::shown(project.environment.provider)));
  const engine::Call call{.deadline = look_deadline, .stop = stop};
  const auto own = compose::observe(reader, project.name, call);
  reset(sheet, run.settings, own);
  const auto images = build(sheet, project, reader,
                            {.project = project.name,
                             .project_folder = project.folder,
                             .cache_folder = run.cache_folder,
                             .clock = clock,
                             .sink = base::ignore_event,
                             .stop = stop});
  auto observed = compose::observe(reader, run.stack, call);
  if (build_services(sheet, project, run.stack, observed) + images.size() == 0) {
    sheet.line("the project declares no images");
  }
  if (run.settings.reset) {
    observed = after_reset(std::move(observed), own);
  }
  add_images_to_come(observed, run.stack, images);
  deploy(sheet, project, run.stack, observed);
  rest(sheet, project, run.settings);
  return sheet.take();
}

std::string dry_run(const Surroundings& surroundings, const RunSettings& settings, EventBus& bus,
                    const base::Clock& clock, const std::stop_token& stop) {
  check_run_id(settings, surroundings);
  ProjectSpec project = load_project(surroundings.project_folder);
  const auto commit = source::read_commit(project.folder);
  compose::Project stack;
  if (!project.stack.files.empty()) {
    stack = load_stack_model(project, surroundings, settings.seed, {});
    const auto seeded = project.seed ? load_stack_with_seeder(project, surroundings, settings.seed) : stack;
    check_stack_names(project, seeded);
    project.images =
        stack_images(project, seeded, load_stack_model(project, surroundings, settings.seed, {"*"}));
  }
  const Connection connection =
      connect(surroundings, named_engine(surroundings, project.engine), false, bus, clock, stop);
  return dry_run_text(
      {.settings = settings,
       .project = project,
       .commit = commit,
       .stack = stack,
       .engine = fmt::format("{} ({}: {})", connection.uri, connection.origin, connection.why),
       .cache_folder = surroundings.cache_home()},
      *connection.engine, clock, stop);
}

}  // namespace fresh::pipeline
