#pragma once

#include "notebooks/run.h"

#include <string>

namespace fresh::notebooks {

/// Where things are inside a notebook's container.
inline constexpr const char* driver_path = "/fresh-clone/run_notebook.py";
inline constexpr const char* job_path = "/fresh-clone/job.json";
inline constexpr const char* executed_path = "/out/executed.ipynb";
inline constexpr const char* workspace = "/workspace";
inline constexpr const char* secrets_folder = "/run/secrets";

/// The tar archive, for `/`, of what all notebooks share: the driver, matplotlibrc, the folders of
/// `spec.paths` below /workspace (read-only by mode, without hidden files), and the folders a notebook may
/// write: /out and its home.
std::string shared_payload(const NotebooksSpec& spec, const RunOptions& options);

/// The tar archive, for `/`, of one notebook's own part: the driver's job, and the secrets as files that the
/// notebook's user can read, whoever it is: nobody else is in the container.
std::string job_payload(const NotebooksSpec& spec, const Notebook& notebook, const RunOptions& options);

}  // namespace fresh::notebooks
