#include "pipeline/project.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "document/fields.h"
#include "document/load_yaml.h"
#include "document/refuse.h"
#include "environment/load.h"
#include "images/load.h"
#include "machine/load.h"
#include "notebooks/load.h"

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

bool is_project_name(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  return !name.empty() && letters.find(name[0]) != std::string_view::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

/// A path of the file, absolute; refused when it leaves the project.
std::filesystem::path below(const std::filesystem::path& folder, const Node& node) {
  const auto path = (folder / node.text()).lexically_normal();
  const auto relative = path.lexically_relative(folder);
  if (relative.empty() || *relative.begin() == "..") {
    document::refuse(node.place, fmt::format("'{}' is outside the project", node.text()),
                     "name a path below the project's folder");
  }
  return path;
}

std::filesystem::path existing_file(const std::filesystem::path& folder, const Node& node) {
  auto path = below(folder, node);
  if (!std::filesystem::is_regular_file(path)) {
    document::refuse(node.place, fmt::format("there is no file '{}'", node.text()), "add the file, or mend its name here");
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
  for (const char* name : order) {
    if (auto services = fields.texts(name); !services.empty()) {
      phases.push_back({name, std::move(services)});
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
    one.timeout = fields.duration("timeout", one.timeout);
    one.consecutive = static_cast<int>(std::clamp<std::int64_t>(fields.integer("consecutive", 1), 1, 100));
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
  stack.phases = load_phases(fields.find("phases"));
  stack.health = load_health(fields.find("health"));
  fields.finish();
  return stack;
}

SeedSpec load_seed(const Node& node, const std::filesystem::path& folder) {
  Fields fields(node, "seed");
  SeedSpec seed;
  seed.service = fields.text("service");
  if (fields.has("assertions")) {
    seed.assertions = existing_file(folder, *fields.find("assertions"));
  }
  seed.timeout = fields.duration("timeout", seed.timeout);
  fields.finish();
  return seed;
}

DeterminismSpec load_determinism(const Node& node, const std::filesystem::path& folder) {
  Fields fields(node, "determinism");
  DeterminismSpec determinism;
  determinism.artifacts = fields.texts("artifacts");
  if (fields.has("baseline")) {
    determinism.baseline = below(folder, *fields.find("baseline"));
  }
  fields.finish();
  return determinism;
}

}  // namespace

ProjectSpec load_project(const std::filesystem::path& folder) {
  const base::Doing doing("reading '{}'", project_file);
  const auto path = folder / project_file;
  if (!std::filesystem::is_regular_file(path)) {
    throw Error(ExitCode::precheck, fmt::format("there is no '{}' in '{}'", project_file, folder.string()),
                "change to the project's folder or name it with --project");
  }
  const Node root = document::load_yaml_file(path, project_file);
  Fields fields(root, project_file);
  if (const Node& version = fields.require("version"); version.integer() != known_version) {
    document::refuse(version.place, fmt::format("version {} is not known; expected {}", version.scalar, known_version),
                     "use a newer fresh-clone, or write version: 1");
  }
  ProjectSpec spec;
  spec.folder = folder;
  spec.name = fields.text("project");
  if (!is_project_name(spec.name)) {
    document::refuse(fields.require("project").place, fmt::format("'{}' is no project name", spec.name),
                     "use lower-case letters, digits, '-' and '_', a letter or digit first");
  }
  if (fields.has("engine")) {
    spec.engine = fields.text("engine");
  }
  spec.machine = machine::load(node_or_null(fields, "machine"), folder);
  spec.declares_environment = fields.has("environment");
  spec.environment = environment::load(node_or_null(fields, "environment"), folder);
  spec.images = images::load(node_or_null(fields, "images"), folder);
  if (fields.has("stack")) {
    spec.stack = load_stack(*fields.find("stack"), folder);
  }
  spec.contracts = load_contracts(fields.find("contracts"));
  if (fields.has("seed")) {
    spec.seed = load_seed(*fields.find("seed"), folder);
  }
  if (fields.has("notebooks")) {
    spec.notebooks = notebooks::load(*fields.find("notebooks"), folder);
  }
  spec.determinism = load_determinism(node_or_null(fields, "determinism"), folder);
  spec.credentials = fields.texts("credentials");
  spec.required_files = fields.texts("require_files");
  fields.finish();
  return spec;
}

}  // namespace fresh::pipeline
