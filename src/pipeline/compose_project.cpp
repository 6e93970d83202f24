#include "pipeline/compose_project.h"

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "compose/project_name.h"
#include "pipeline/stack.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace fresh::pipeline {
namespace {

using base::Error;
using base::ExitCode;
using std::filesystem::path;

constexpr std::array<const char*, 4> file_names{"compose.yaml", "compose.yml", "docker-compose.yml",
                                                "docker-compose.yaml"};
constexpr std::array<const char*, 4> override_names{"compose.override.yml", "compose.override.yaml",
                                                    "docker-compose.override.yml",
                                                    "docker-compose.override.yaml"};

std::string variable(const Surroundings& surroundings, const char* name) {
  const auto found = surroundings.variables.find(name);
  return found == surroundings.variables.end() ? std::string() : found->second;
}

std::vector<path> split(const std::string& text, char separator, const path& folder) {
  std::vector<path> paths;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(separator, begin), text.size());
    if (end > begin) {
      paths.push_back((folder / text.substr(begin, end - begin)).lexically_normal());
    }
    begin = end + 1;
  }
  return paths;
}

template <std::size_t count>
std::optional<path> first_of(const path& folder, const std::array<const char*, count>& names) {
  for (const char* name : names) {
    if (std::filesystem::is_regular_file(folder / name)) {
      return folder / name;
    }
  }
  return std::nullopt;
}

/// The compose file of the folder or of the nearest one above, and its override.
std::vector<path> discovered(path folder) {
  while (true) {
    if (const auto file = first_of(folder, file_names)) {
      std::vector<path> files{*file};
      if (const auto over = first_of(folder, override_names)) {
        files.push_back(*over);
      }
      return files;
    }
    if (folder == folder.parent_path()) {
      return {};
    }
    folder = folder.parent_path();
  }
}

std::vector<path> compose_files(const Surroundings& surroundings) {
  const path& start = surroundings.compose.project_directory.empty() ? surroundings.project_folder
                                                                     : surroundings.compose.project_directory;
  if (!surroundings.compose.files.empty()) {
    return surroundings.compose.files;
  }
  if (const std::string named = variable(surroundings, "COMPOSE_FILE"); !named.empty()) {
    const std::string separator = variable(surroundings, "COMPOSE_PATH_SEPARATOR");
    return split(named, separator.empty() ? ':' : separator.front(), start);
  }
  return discovered(start);
}

void require_files(const std::vector<path>& files) {
  for (const auto& file : files) {
    if (file.filename() != compose::standard_input && !std::filesystem::exists(file)) {
      throw Error(ExitCode::precheck, fmt::format("there is no compose file '{}'", file.string()),
                  "mend -f, --file");
    }
  }
}

ProjectSpec from_compose_files(Surroundings& surroundings) {
  auto& flags = surroundings.compose;
  ProjectSpec spec;
  spec.declared = false;
  spec.name = flags.project_name;
  spec.stack.files = compose_files(surroundings);
  if (spec.stack.files.empty()) {
    if (spec.name.empty()) {
      throw Error(ExitCode::precheck,
                  fmt::format("there is no '{}' and no compose file in '{}' or above it", project_file,
                              surroundings.project_folder.string()),
                  "change to the project's folder, name it with --project, or a compose file with -f");
    }
    spec.folder = surroundings.project_folder;
  } else {
    require_files(spec.stack.files);
    spec.folder =
        flags.project_directory.empty() ? spec.stack.files.front().parent_path() : flags.project_directory;
    if (spec.name.empty()) {
      spec.name = compose::project_name({.files = spec.stack.files,
                                         .working_folder = spec.folder,
                                         .environment = surroundings.variables,
                                         .env_files = flags.env_files,
                                         .shown_below = spec.folder,
                                         .read = reader_of_files(surroundings),
                                         .documents = spec.stack.documents});
    }
  }
  // A folder that never asked for fresh-clone gets no files of ours.
  surroundings.state = state_of_compose_project(surroundings, spec.name, spec.folder);
  return spec;
}

}  // namespace

path state_of_compose_project(const Surroundings& surroundings, const std::string& name, const path& folder) {
  return surroundings.data_folder() / "projects" /
         fmt::format("{}-{}", name, base::sha256_hex(folder.string()).substr(0, 12));
}

void read_input(ComposeFlags& flags) {
  const auto count = std::count_if(flags.files.begin(), flags.files.end(), [](const path& file) {
    return file.filename() == compose::standard_input;
  });
  if (count > 1) {
    throw Error(ExitCode::usage, "-f - is given twice, and standard input can be read once", "give it once");
  }
  if (count == 1) {
    flags.input = base::read_standard_input(compose::largest_file);
    if (flags.input->empty()) {
      throw Error(ExitCode::precheck, "-f -: standard input is empty or closed, expected a compose file",
                  "hand it in: fresh-clone -f - config < compose.yaml");
    }
  }
}

ProjectSpec load_day_project(Surroundings& surroundings) {
  auto& flags = surroundings.compose;
  if (flags.env_files.empty()) {
    flags.env_files = split(variable(surroundings, "COMPOSE_ENV_FILES"), ',', surroundings.project_folder);
  }
  if (!has_project_file(surroundings.project_folder)) {
    return from_compose_files(surroundings);
  }
  ProjectSpec spec = load_project(surroundings.project_folder);
  if (!flags.files.empty()) {
    require_files(flags.files);
    spec.stack.files = flags.files;
  }
  if (!flags.project_name.empty()) {
    spec.name = flags.project_name;
  }
  return spec;
}

}  // namespace fresh::pipeline
