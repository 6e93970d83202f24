#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "engine/engine.h"
#include "notebooks/report.h"
#include "notebooks/spec.h"

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::notebooks {

struct RunOptions {
  std::string run_id;
  std::string project;
  std::filesystem::path project_folder;
  std::filesystem::path out_folder;     ///< executed notebooks go below its `notebooks`
  std::string network = {};             ///< as the engine knows it; empty: none at all
  std::vector<std::string> hosts = {};  ///< `name:address` of the services, so that no name server is asked
  std::int64_t seed = 42;
  std::int64_t commit_time = 0;                      ///< the time of all files that are delivered
  std::map<std::string, std::string> controls = {};  ///< determinism::portable_controls()
  /// `spec.secrets` by name, with their values: never to be shown.
  std::map<std::string, std::string> secrets = {};
  std::optional<int> jobs = {};                        ///< wins over the spec
  std::optional<std::set<std::string>> services = {};  ///< of this profile; none: every service is there
  std::map<std::string, std::chrono::milliseconds> last_durations =
      {};                             ///< longest first; unknown ones before all
  std::string unreachable_hint = {};  ///< added where a service cannot be reached
};

/// Runs each notebook in a container of its own, `jobs` at a time, and removes the containers whatever
/// happens. What a notebook does wrong is its result; throws base::Error (notebooks) when the image is
/// missing. After a stop the report is complete, too: what was cut off is an `error`, what had not begun is
/// `not_reached`; the caller asks `stop`. Events: a step per notebook (`notebook:PATH`) with a line per cell
/// (`cell 3/12 ok 0.4s`).
NotebookReport run_notebooks(const NotebooksSpec& spec, const std::vector<Notebook>& notebooks,
                             engine::Engine& engine, const RunOptions& options, const base::Clock& clock,
                             const base::EventSink& sink, const std::stop_token& stop);

}  // namespace fresh::notebooks
