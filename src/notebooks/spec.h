#pragma once

#include "document/node.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fresh::notebooks {

/// `notebooks:` of fresh-clone.yaml (docs/formats.md, notebooks).
struct NotebooksSpec {
  std::string image;                           ///< has python3 and ipykernel
  std::vector<std::string> paths;              ///< folders or notebooks, relative to the project, sorted
  std::string network = {};                    ///< of the stack; empty: no network at all
  std::chrono::milliseconds timeout{300'000};  ///< of one notebook, its kernel's start included
  std::chrono::milliseconds cell_timeout{300'000};
  int jobs = 2;                                 ///< notebooks at a time
  std::map<std::string, std::string> env = {};  ///< beside the controls, which win
  std::optional<std::int64_t> memory = {};      ///< bytes, of one notebook
  std::string user = "1000:1000";
  std::vector<std::string> modules = {};  ///< `requires:` Python modules that the image must have
  std::vector<std::string> reach = {};    ///< `host:port` that must answer before the first cell
  std::vector<std::string> secrets = {};  ///< names of credentials, each a file in /run/secrets
  document::Place place = {};
};

/// One notebook of the project.
struct Notebook {
  std::string path;         ///< relative to the project, with '/'
  int cells = 0;            ///< code cells
  std::string kernel = {};  ///< as its metadata has it; it runs on the image's Python in any case
  std::vector<std::string> services = {};  ///< metadata.fresh_clone.services: what it needs of the stack
  std::optional<std::chrono::milliseconds> timeout = {};  ///< metadata.fresh_clone.timeout
};

}  // namespace fresh::notebooks
