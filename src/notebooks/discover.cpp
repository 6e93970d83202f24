#include "notebooks/discover.h"

#include "base/doing.h"
#include "base/error.h"
#include "base/file.h"
#include "determinism/notebook_file.h"
#include "document/fields.h"

#include <fmt/format.h>

#include <cstdlib>
#include <set>

namespace fresh::notebooks {
namespace {

namespace fs = std::filesystem;

void collect(const fs::path& path, const fs::path& project_folder, std::set<std::string>& found) {
  if (fs::is_regular_file(path)) {
    if (path.extension() == ".ipynb") {
      found.insert(path.lexically_relative(project_folder).generic_string());
    }
    return;
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    if (!entry.path().filename().string().starts_with('.')) {
      collect(entry.path(), project_folder, found);
    }
  }
}

[[noreturn]] void refuse(const std::string& path, const std::string& what, const std::string& hint) {
  throw base::Error(base::ExitCode::notebooks, fmt::format("{}: {}", path, what), hint);
}

void read_own_metadata(const determinism::NotebookFile& file, Notebook& notebook) {
  const std::string example = R"("fresh_clone": {"services": ["janusgraph"], "timeout": 120})";
  for (const auto& [key, value] : file.own_metadata.members) {
    if (key == "services" && value.kind == determinism::JsonKind::list) {
      for (const auto& service : value.items) {
        notebook.services.push_back(service.scalar);
      }
    } else if (key == "timeout") {
      notebook.timeout = document::parse_duration(value.scalar);
      if (!notebook.timeout || notebook.timeout->count() <= 0) {
        refuse(notebook.path, fmt::format("metadata.fresh_clone.timeout is no duration: '{}'", value.scalar),
               "write it as " + example);
      }
    } else {
      refuse(notebook.path, fmt::format("metadata.fresh_clone.{} is not known or of the wrong type", key),
             "write it as " + example);
    }
  }
}

}  // namespace

std::vector<Notebook> discover(const NotebooksSpec& spec, const fs::path& project_folder) {
  const base::Doing doing("looking for notebooks");
  std::set<std::string> found;
  try {
    for (const std::string& path : spec.paths) {
      collect(project_folder / path, project_folder, found);
    }
  } catch (const fs::filesystem_error& error) {
    throw base::Error(base::ExitCode::precheck, error.what(), "make 'notebooks.paths' readable");
  }
  std::vector<Notebook> notebooks;
  for (const std::string& path : found) {
    const auto file = determinism::read_notebook(base::read_file(project_folder / path), path);
    if (file.language != "python") {
      refuse(path, fmt::format("it is written in '{}', expected python", file.language),
             "move it out of 'notebooks.paths'");
    }
    Notebook notebook{.path = path, .cells = static_cast<int>(file.cells.size()), .kernel = file.kernel};
    read_own_metadata(file, notebook);
    notebooks.push_back(std::move(notebook));
  }
  if (notebooks.empty()) {
    throw base::Error(base::ExitCode::notebooks,
                      fmt::format("no notebook below {}", fmt::join(spec.paths, ", ")),
                      "add one, or correct 'notebooks.paths' in fresh-clone.yaml");
  }
  return notebooks;
}

}  // namespace fresh::notebooks
