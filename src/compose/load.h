#pragma once

#include "compose/documents.h"
#include "compose/spec.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fresh::compose {

/// The content of a file, or nothing when it does not exist.
using ReadFile = std::function<std::optional<std::string>(const std::filesystem::path& path)>;

/// The most bytes that a compose file, an env file, a secret or a config may have.
inline constexpr std::size_t largest_file = std::size_t{64} << 20U;

/// The name, in the current folder, of what `-f -` reads; errors call it so.
inline constexpr const char* standard_input = "<stdin>";

/// From disk: a regular file of at most largest_file.
std::optional<std::string> read_from_disk(const std::filesystem::path& path);

/// What `read` gives; its refusal gets the place where the file is named.
std::optional<std::string> read_at(const document::Place& place, const ReadFile& read,
                                   const std::filesystem::path& path);

/// What a project is loaded from. Nothing else is looked at: no process environment, no current folder.
struct LoadRequest {
  std::vector<std::filesystem::path> files;   ///< absolute; later ones are merged over earlier ones
  std::string project_name = {};              ///< empty: COMPOSE_PROJECT_NAME, `name:`, name of the folder
  std::filesystem::path working_folder = {};  ///< empty: the folder of the first file
  std::map<std::string, std::string> environment = {};  ///< beats `.env` in interpolation
  std::vector<std::filesystem::path> env_files = {};    ///< in place of `<working folder>/.env`
  std::vector<std::string> profiles = {};               ///< added to COMPOSE_PROFILES; `*` is all
  std::string overlay = {};                             ///< `dev`: `x.dev.yaml` is merged after `x.yaml`
  std::filesystem::path shown_below = {};               ///< errors name files relative to this folder
  bool materials = true;  ///< false: secrets and configs are not read (`config` needs none)
  bool all_must_exist =
      true;                 ///< false: env and label files, secrets and configs that are not there are empty
  bool interpolate = true;  ///< false: load_model leaves variables as they are
  bool service_files = true;  ///< false: env files and label files of services are not read (names alone)
  bool may_be_empty = false;  ///< a project without services is fine (`config`)
  ReadFile read = read_from_disk;
  std::shared_ptr<Documents> documents = {};  ///< shared with other loads of the same files; may be empty
};

/// A project as a typed tree: all that `config` shows.
struct Model {
  std::string name;
  std::filesystem::path working_folder;
  std::vector<std::filesystem::path> files;                     ///< all that were merged, in order
  std::vector<std::filesystem::path> included_files;            ///< that those include or extend
  std::map<std::string, std::string, std::less<>> environment;  ///< what interpolation saw
  std::vector<std::string> inactive;                            ///< services of other profiles, sorted
  std::vector<std::string> warnings;
  document::Node root;  ///< all services, inactive ones too
};

/// Loads, merges and checks compose files (compose specification; order of the phases: as docker compose has
/// it). Throws base::Error (precheck) with file:line:column, the line and what to do.
Model load_model(const LoadRequest& request);

/// The normalised tree alone, before values get their types: what `config --no-interpolate` shows. Nothing
/// but the files themselves is read, and nothing of the environment but the project's name.
document::Node load_untyped(const LoadRequest& request);

/// As load_model, and read into the types of the driver. Keys that engines do not get as they are written are
/// in `key_uses`.
Project load(const LoadRequest& request);

}  // namespace fresh::compose
