#pragma once

#include "determinism/json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::determinism {

/// A code cell as a notebook file holds it, sources and texts joined (rule S7).
struct FileCell {
  int index = 0;  ///< from 1, code cells only: what Jupyter shows as `[n]` in a clean run
  std::string source;
  std::vector<std::string> tags = {};
  std::optional<int> execution_count = {};  ///< none: not executed
  std::vector<Json> outputs = {};
};

struct NotebookFile {
  std::string path;
  std::string kernel;    ///< the kernelspec's name, empty when there is none
  std::string language;  ///< `python` when the metadata says nothing
  std::vector<FileCell> cells = {};
  Json own_metadata = {};  ///< metadata.fresh_clone, null when absent
};

/// Reads an nbformat 4 notebook. Throws base::Error (notebooks) that names the path and the cell for anything
/// else, for files over 128 MiB, and for outputs of a shape that nbformat does not know.
NotebookFile read_notebook(std::string_view text, const std::string& path);

/// A string, or a list of strings joined. Throws base::Error that begins with `where`.
std::string joined_text(const Json* value, const std::string& where);

}  // namespace fresh::determinism
