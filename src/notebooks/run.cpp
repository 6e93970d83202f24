#include "notebooks/run.h"

#include "base/doing.h"
#include "base/error.h"
#include "base/step_scope.h"
#include "base/task_group.h"
#include "notebooks/container_run.h"
#include "notebooks/payload.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace fresh::notebooks {
namespace {

/// The services that `notebook` needs and this profile has not.
std::vector<std::string> missing_services(const Notebook& notebook, const RunOptions& options) {
  std::vector<std::string> missing;
  for (const std::string& service : notebook.services) {
    if (options.services && !options.services->contains(service)) {
      missing.push_back(service);
    }
  }
  return missing;
}

/// The order of starting: those that ran longest last time first, so that none is left over at the end.
std::vector<const Notebook*> longest_first(const std::vector<Notebook>& notebooks,
                                           const RunOptions& options) {
  const auto duration = [&](const Notebook* notebook) {
    const auto known = options.last_durations.find(notebook->path);
    return known == options.last_durations.end() ? std::chrono::milliseconds::max() : known->second;
  };
  std::vector<const Notebook*> order;
  for (const Notebook& notebook : notebooks) {
    order.push_back(&notebook);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](const Notebook* a, const Notebook* b) { return duration(a) > duration(b); });
  return order;
}

std::string summary(const NotebookResult& result) {
  if (result.status == Status::pass) {
    return fmt::format("{} cells", result.cells_total);
  }
  return fmt::format("{}{}: {}", shown(result.status),
                     result.cell > 0 ? fmt::format(" in cell {}", result.cell) : "", result.reason);
}

void check_image(const NotebooksSpec& spec, engine::Engine& engine, const std::stop_token& stop) {
  if (!engine.find_image(spec.image, {.stop = stop})) {
    throw base::Error(base::ExitCode::notebooks,
                      fmt::format("the image '{}' of the notebooks is missing", spec.image),
                      "add it to 'images' in fresh-clone.yaml, or correct 'notebooks.image'");
  }
}

NotebookResult run_or_interrupted(const NotebooksSpec& spec, const Notebook& notebook,
                                  const std::string& shared, engine::Engine& engine,
                                  const RunOptions& options, const base::Clock& clock,
                                  const base::EventSink& sink, const std::stop_token& stop) {
  try {
    return run_in_container(spec, notebook, shared, engine, options, clock, sink, stop);
  } catch (const base::Interrupted&) {
    return {.path = notebook.path, .reason = "the run was stopped", .cells_total = notebook.cells};
  }
}

}  // namespace

NotebookReport run_notebooks(const NotebooksSpec& spec, const std::vector<Notebook>& notebooks,
                             engine::Engine& engine, const RunOptions& options, const base::Clock& clock,
                             const base::EventSink& sink, const std::stop_token& stop) {
  const base::Doing doing("running {} notebooks", notebooks.size());
  check_image(spec, engine, stop);
  const std::string shared = shared_payload(spec, options);
  const auto order = longest_first(notebooks, options);
  std::mutex mutex;
  std::size_t next = 0;
  NotebookReport report;
  const auto run_one = [&](const Notebook& notebook, const std::stop_token& token) {
    base::StepScope step(sink, clock, "notebook:" + notebook.path, fmt::format("{} cells", notebook.cells));
    NotebookResult result{
        .path = notebook.path, .status = Status::not_applicable, .cells_total = notebook.cells};
    if (const auto missing = missing_services(notebook, options); !missing.empty()) {
      result.reason = fmt::format("this profile has no {}", fmt::join(missing, ", "));
    } else {
      result = run_or_interrupted(spec, notebook, shared, engine, options, clock, sink, token);
    }
    if (result.status == Status::pass || result.status == Status::not_applicable) {
      step.finish(result.status == Status::pass ? "ok" : "skipped", summary(result));
    } else {
      step.finish("failed", summary(result));
    }
    const std::scoped_lock lock(mutex);
    report.notebooks.push_back(std::move(result));
  };
  base::TaskGroup workers(stop);
  const int jobs = std::min(options.jobs.value_or(spec.jobs), static_cast<int>(order.size()));
  for (int i = 0; i < jobs; ++i) {
    workers.start([&](const std::stop_token& token) {
      while (!token.stop_requested()) {
        const Notebook* notebook = nullptr;
        {
          const std::scoped_lock lock(mutex);
          if (next == order.size()) {
            return;
          }
          notebook = order[next++];
        }
        run_one(*notebook, token);
      }
    });
  }
  workers.join();
  for (; next < order.size(); ++next) {
    report.notebooks.push_back({.path = order[next]->path,
                                .status = Status::not_reached,
                                .reason = "the run was stopped before",
                                .cells_total = order[next]->cells});
  }
  std::sort(report.notebooks.begin(), report.notebooks.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return report;
}

}  // namespace fresh::notebooks
