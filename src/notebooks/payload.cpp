#include "notebooks/payload.h"

#include "base/error.h"
#include "determinism/controls.h"
#include "notebooks/driver_text.h"
#include "source/tar_writer.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace fresh::notebooks {
namespace {

namespace fs = std::filesystem;

constexpr unsigned readable = 0444;
constexpr unsigned enterable = 0555;
constexpr unsigned open_to_all = 0777;

std::string inside(const fs::path& path) {
  return (workspace + 1) + ("/" + path.generic_string());
}

/// Puts a file or folder, with all below it, at its place in the workspace. Entries sorted by name.
void add_tree(const fs::path& project_folder, const fs::path& relative, source::TarWriter& tar) {
  const fs::path from = project_folder / relative;
  if (fs::is_regular_file(from)) {
    tar.file_from(inside(relative), readable, from);
    return;
  }
  if (!fs::is_directory(from)) {
    return;
  }
  tar.folder(inside(relative), enterable);
  std::set<fs::path> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.') && name != "__pycache__") {
      names.insert(entry.path().filename());
    }
  }
  for (const fs::path& name : names) {
    add_tree(project_folder, relative / name, tar);
  }
}

/// The folders above `path` that no other entry makes, so that an engine need not invent their modes.
void add_parents(const fs::path& path, std::set<std::string>& made, source::TarWriter& tar) {
  fs::path parent;
  for (const fs::path& part : path.parent_path()) {
    parent /= part;
    if (made.insert(parent.generic_string()).second) {
      tar.folder(inside(parent), enterable);
    }
  }
}

nlohmann::json addresses(const std::vector<std::string>& reach) {
  auto list = nlohmann::json::array();
  for (const std::string& address : reach) {
    const auto colon = address.rfind(':');
    list.push_back({address.substr(0, colon), std::stoi(address.substr(colon + 1))});
  }
  return list;
}

double seconds(std::chrono::milliseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

std::string shared_payload(const NotebooksSpec& spec, const RunOptions& options) {
  std::string out;
  source::TarWriter tar([&out](std::string_view bytes) { out += bytes; }, options.commit_time);
  tar.folder("fresh-clone", enterable);
  for (const auto& [name, text] : driver_files()) {
    tar.file("fresh-clone/" + name, readable, text);
  }
  tar.file(determinism::control_matplotlibrc + 1, readable, determinism::matplotlibrc(options.project));
  tar.folder("out", open_to_all);
  tar.folder(determinism::control_home + 1, open_to_all);
  tar.folder(workspace + 1, enterable);
  std::set<std::string> made;
  try {
    for (const std::string& path : spec.paths) {
      add_parents(path, made, tar);
      made.insert(path);
      add_tree(options.project_folder, path, tar);
    }
  } catch (const fs::filesystem_error& error) {
    throw base::Error(base::ExitCode::notebooks, error.what(), "make 'notebooks.paths' readable");
  }
  tar.finish();
  return out;
}

std::string job_payload(const NotebooksSpec& spec, const Notebook& notebook, const RunOptions& options) {
  const fs::path path = fs::path(workspace) / notebook.path;
  const nlohmann::json job{
      {"notebook", path.generic_string()},
      {"folder", path.parent_path().generic_string()},
      {"out", executed_path},
      {"scratch", "/tmp/fresh-clone"},
      {"timeout", seconds(notebook.timeout.value_or(spec.timeout))},
      {"cell_timeout", seconds(std::min(spec.cell_timeout, notebook.timeout.value_or(spec.timeout)))},
      {"start_timeout", 60},
      {"seed", options.seed},
      {"cell_folder", determinism::control_cell_folder},
      {"modules", spec.modules},
      {"reach", addresses(spec.reach)},
      {"reach_timeout", 5},
      {"output_limit", std::int64_t{64} << 20U},
  };
  std::string out;
  source::TarWriter tar([&out](std::string_view bytes) { out += bytes; }, options.commit_time);
  tar.file(job_path + 1, readable, job.dump(1));
  if (!options.secrets.empty()) {
    tar.folder(secrets_folder + 1, enterable);
  }
  for (const auto& [name, value] : options.secrets) {
    tar.file(fmt::format("{}/{}", secrets_folder + 1, name), readable, value);
  }
  tar.finish();
  return out;
}

}  // namespace fresh::notebooks
