#pragma once

#include "notebooks/run.h"

#include <string>

namespace fresh::notebooks {

/// The container of one notebook: labels, limits, controls, the network; no ports, no capabilities, no new
/// privileges.
engine::ContainerSpec container_spec(const NotebooksSpec& spec, const Notebook& notebook,
                                     const RunOptions& options);

/// Runs one notebook to its verdict: create, deliver, attach, start, wait, fetch, remove. `shared` is
/// shared_payload(). Refusals of the engine are the status `error`; throws base::Interrupted on stop.
NotebookResult run_in_container(const NotebooksSpec& spec, const Notebook& notebook,
                                const std::string& shared, engine::Engine& engine, const RunOptions& options,
                                const base::Clock& clock, const base::EventSink& sink,
                                const std::stop_token& stop);

}  // namespace fresh::notebooks
