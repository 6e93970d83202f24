#include "pipeline/project.h"

#include "base/error.h"
#include "document/fields.h"
#include "document/load_yaml.h"
#include "document/project_path.h"
#include "document/refuse.h"
#include "engine/endpoint.h"
#include "environment/load.h"
#include "images/load.h"
#include "machine/load.h"
#include "notebooks/load.h"
#include "trust/credentials.h"
#include "vault/load.h"

#include <fmt/core.h>

#include <array>

namespace fresh::pipeline {
namespace {

using base::Error;
using base::ExitCode;
using document::Fields;
using document::Node;

constexpr std::int64_t known_version = 1;

const Node& node_or_null(Fields& fields, std::string_view key) {
  static const Node null;
  const Node* node = fields.find(key);
  return node == nullptr ? null : *node;
}

/// Names of containers and of hosts begin with it, and those have 63 characters (RFC 1123, section 2.1).
constexpr std::size_t longest_name = 40;
constexpr int most_consecutive = 100;

bool is_project_name(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  return !name.empty() && name.size() <= longest_name && letters.find(name[0]) != std::string_view::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

std::string load_name(Fields& fields) {
  const Node& node = fields.require("project");
  if (node.kind != document::Kind::text || !is_project_name(node.text())) {
    const bool is_long = node.is_scalar() && node.text().size() > longest_name;
    document::refuse(node.place,
                     is_long ? fmt::format("the project's name has {} characters, expected {} or less",
                                           node.text().size(), longest_name)
                             : fmt::format("'{}' is no project name",
                                           node.is_scalar() ? node.scalar : std::string(shown(node.kind))),
                     "use lower-case letters, digits, '-' and '_', a letter or digit first; quote what YAML "
                     "takes for a number or true");
  }
  return node.text();
}

std::optional<std::string> load_engine(Fields& fields) {
  if (!fields.has("engine")) {
    return std::nullopt;
  }
  std::string uri = fields.word("engine");
  try {
    engine::parse_endpoint(uri);
  } catch (const Error& error) {
    document::refuse(fields.find("engine")->place, error.message(), error.hint());
  }
  return uri;
}

/// A file of the project that the program writes or reads, absolute.
std::filesystem::path file_path(const std::filesystem::path& folder, const Node& node) {
  auto path = folder / document::project_path(node);
  if (std::filesystem::is_directory(path)) {
    document::refuse(node.place, fmt::format("'{}' is a folder, expected a file", node.text()),
                     "name a file");
  }
  return path;
}

std::filesystem::path existing_file(const std::filesystem::path& folder, const Node& node) {
  auto path = file_path(folder, node);
  if (!std::filesystem::is_regular_file(path)) {
    document::refuse(node.place, fmt::format("there is no file '{}'", node.text()),
                     "add the file, or mend its name here");
  }
  return path;
}

std::vector<Phase> load_phases(const Node* node) {
  std::vector<Phase> phases;
  if (node == nullptr) {
    return phases;
  }
  Fields fields(*node, "phases");
  static constexpr std::array<const char*, 5> order{"pre-checks", "core", "infrastructure", "capabilities",
                                                    "validation"};
  std::map<std::string, const char*> first;
  for (const char* name : order) {
    Phase phase{.name = name, .services = {}};
    for (const Node& service : fields.word_nodes(name)) {
      if (const auto [known, is_new] = first.emplace(service.scalar, name); !is_new) {
        document::refuse(service.place,
                         fmt::format("'{}' is in phase '{}' already", service.scalar, known->second),
                         "put each service into one phase");
      }
      phase.services.push_back({service.scalar, service.place});
    }
    if (!phase.services.empty()) {
      phases.push_back(std::move(phase));
    }
  }
  fields.finish();
  return phases;
}

std::map<std::string, ServiceHealth> load_health(const Node* node) {
  std::map<std::string, ServiceHealth> health;
  if (node == nullptr) {
    return health;
  }
  const Fields whole(*node, "health");
  for (const auto& entry : whole.node().entries) {
    Fields fields(entry.value, "health." + entry.key);
    ServiceHealth one;
    one.timeout = fields.timeout("timeout", one.timeout);
    one.consecutive = static_cast<int>(fields.integer("consecutive", 1, 1, most_consecutive));
    one.place = entry.key_place;
    fields.finish();
    health.emplace(entry.key, one);
  }
  return health;
}

StackSpec load_stack(const Node& node, const std::filesystem::path& folder) {
  Fields fields(node, "stack");
  StackSpec stack;
  const Node& files = fields.require("files");
  for (const auto& file : files.is_list() ? files.items : std::vector<Node>{files}) {
    stack.files.push_back(existing_file(folder, file));
  }
  if (stack.files.empty()) {
    document::refuse(files.place, "'files' names no compose file",
                     "write it as 'files: [compose.yaml]', or remove 'stack'");
  }
  stack.phases = load_phases(fields.find("phases"));
  stack.health = load_health(fields.find("health"));
  fields.finish();
  return stack;
}

SeedSpec load_seed(const Node& node, const std::filesystem::path& folder) {
  Fields fields(node, "seed");
  SeedSpec seed;
  seed.service = fields.word("service");
  seed.place = fields.require("service").place;
  if (fields.has("assertions")) {
    seed.assertions = existing_file(folder, *fields.find("assertions"));
  }
  seed.timeout = fields.timeout("timeout", seed.timeout);
  fields.finish();
  return seed;
}

DeterminismSpec load_determinism(const Node& node, const std::filesystem::path& folder) {
  Fields fields(node, "determinism");
  DeterminismSpec determinism;
  for (const Node& pattern : fields.word_nodes("artifacts")) {
    determinism.artifacts.push_back(document::project_path(pattern));
  }
  if (fields.has("baseline")) {
    determinism.baseline = file_path(folder, *fields.find("baseline"));
  }
  fields.finish();
  return determinism;
}

std::vector<std::string> load_credentials(Fields& fields) {
  std::vector<std::string> names;
  for (const Node& node : fields.word_nodes("credentials")) {
    if (!trust::is_credential_name(node.text())) {
      document::refuse(node.place, fmt::format("'{}' cannot be the name of a credential", node.text()),
                       trust::credential_name_rule);
    }
    names.push_back(node.text());
  }
  return names;
}

std::vector<std::string> load_required_files(Fields& fields) {
  std::vector<std::string> paths;
  for (const Node& node : fields.word_nodes("require_files")) {
    paths.push_back(document::project_path(node));
  }
  return paths;
}

/// `name`, which `user` names at `place`, must be one of the declared credentials.
void check_credential(const ProjectSpec& spec, const std::string& name, std::string_view user,
                      const document::Place& place) {
  if (std::find(spec.credentials.begin(), spec.credentials.end(), name) == spec.credentials.end()) {
    document::refuse(
        place, fmt::format("'{}' names the credential '{}', which 'credentials' does not have", user, name),
        document::nearest_hint(name, spec.credentials, fmt::format("add '{}' to 'credentials'", name)));
  }
}

/// What notebooks and the vault get are generated credentials: each must be declared.
void check_notebook_secrets(const ProjectSpec& spec) {
  if (spec.notebooks) {
    for (const auto& name : spec.notebooks->secrets) {
      check_credential(spec, name, "notebooks.secrets", spec.notebooks->place);
    }
  }
}

void check_vault(const ProjectSpec& spec) {
  if (!spec.vault) {
    return;
  }
  if (spec.stack.files.empty()) {
    document::refuse(spec.vault->place, "'vault' needs a stack that its service belongs to", "add 'stack'");
  }
  for (const auto& name : spec.vault->credentials()) {
    check_credential(spec, name, "vault", spec.vault->place);
  }
}

/// Refuses what lies in the place of the project file and is none.
void require_file(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto status = fs::status(path, error);
  if (fs::is_regular_file(status)) {
    return;
  }
  const bool dangles = !fs::exists(status) && fs::is_symlink(fs::symlink_status(path, error));
  throw Error(ExitCode::precheck,
              fmt::format("'{}' is {}, expected a file", path.string(),
                          dangles                    ? "a symbolic link to nothing that can be read"
                          : fs::is_directory(status) ? "a folder"
                                                     : "no regular file"),
              fmt::format("make '{}' a file, or remove it", project_file));
}

}  // namespace

bool has_project_file(const std::filesystem::path& folder) {
  std::error_code error;
  return std::filesystem::exists(std::filesystem::symlink_status(folder / project_file, error));
}

std::optional<std::string> declared_engine(const std::filesystem::path& folder) {
  const base::Doing doing("reading '{}'", project_file);
  if (!has_project_file(folder)) {
    return std::nullopt;
  }
  require_file(folder / project_file);
  const Node root = document::load_yaml_file(folder / project_file, project_file);
  Fields fields(root, project_file);
  return load_engine(fields);
}

ProjectSpec load_project(const std::filesystem::path& folder) {
  const base::Doing doing("reading '{}'", project_file);
  const auto path = folder / project_file;
  if (!has_project_file(folder)) {
    throw Error(ExitCode::precheck, fmt::format("there is no '{}' in '{}'", project_file, folder.string()),
                "change to the project's folder or name it with --project");
  }
  require_file(path);
  const Node root = document::load_yaml_file(path, project_file);
  Fields fields(root, project_file);
  if (const Node& version = fields.require("version"); version.integer() != known_version) {
    document::refuse(version.place,
                     fmt::format("version {} is not known; expected {}", version.scalar, known_version),
                     "use a newer fresh-clone, or write version: 1");
  }
  ProjectSpec spec;
  spec.folder = folder;
  spec.name = load_name(fields);
  spec.engine = load_engine(fields);
  spec.machine = machine::load(node_or_null(fields, "machine"), folder);
  spec.declares_environment = fields.has("environment");
  spec.environment = environment::load(node_or_null(fields, "environment"));
  spec.images = images::load(node_or_null(fields, "images"), folder);
  if (fields.has("stack")) {
    spec.stack = load_stack(*fields.find("stack"), folder);
  }
  if (fields.has("vault")) {
    spec.vault = vault::load(*fields.find("vault"), folder);
  }
  spec.contracts = load_contracts(fields.find("contracts"));
  if (fields.has("seed")) {
    spec.seed = load_seed(*fields.find("seed"), folder);
  }
  if (fields.has("notebooks")) {
    spec.notebooks = notebooks::load(*fields.find("notebooks"), folder);
  }
  spec.determinism = load_determinism(node_or_null(fields, "determinism"), folder);
  spec.credentials = load_credentials(fields);
  spec.required_files = load_required_files(fields);
  fields.finish();
  check_notebook_secrets(spec);
  check_vault(spec);
  return spec;
}

}  // namespace fresh::pipeline
