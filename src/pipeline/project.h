#pragma once

#include "compose/documents.h"
#include "document/node.h"
#include "environment/spec.h"
#include "images/spec.h"
#include "machine/spec.h"
#include "notebooks/spec.h"
#include "pipeline/contract.h"
#include "vault/spec.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// A service as fresh-clone.yaml names it, with its place for the error that says the stack has none such.
struct ServiceName {
  std::string name;
  document::Place place = {};
};

/// The phases of a bring-up (docs/formats.md, stack), in order; a service without a phase belongs to the
/// last.
struct Phase {
  std::string name;
  std::vector<ServiceName> services;
};

/// How one service's health gate is judged beyond what its compose healthcheck says.
struct ServiceHealth {
  std::chrono::milliseconds timeout{120'000};  ///< until it must be healthy
  int consecutive = 1;                         ///< successes in a row
  document::Place place = {};
};

struct StackSpec {
  std::vector<std::filesystem::path> files;  ///< compose files, absolute
  std::vector<Phase> phases;
  std::map<std::string, ServiceHealth> health;
  std::shared_ptr<compose::Documents> documents = std::make_shared<compose::Documents>();  ///< of the files
};

struct SeedSpec {
  std::string service;
  document::Place place = {};        ///< of the service's name
  std::filesystem::path assertions;  ///< absolute; empty: none
  std::chrono::milliseconds timeout{300'000};
};

struct DeterminismSpec {
  std::vector<std::string> artifacts;  ///< globs below the project
  std::filesystem::path baseline;      ///< the committed lock, absolute; empty: none
};

/// fresh-clone.yaml (docs/formats.md) as one value.
struct ProjectSpec {
  std::string name;
  std::filesystem::path folder;
  bool declared = true;               ///< false: no fresh-clone.yaml, compose files alone
  std::optional<std::string> engine;  ///< `engine:` of the file
  machine::MachineSpec machine;
  environment::EnvironmentSpec environment;
  bool declares_environment = false;
  std::vector<images::ImageSpec> images;
  StackSpec stack;
  std::optional<vault::VaultSpec> vault;
  std::vector<Contract> contracts;
  std::optional<SeedSpec> seed;
  std::optional<notebooks::NotebooksSpec> notebooks;
  DeterminismSpec determinism;
  std::vector<std::string> credentials;     ///< `credentials:`, names of secrets to generate
  std::vector<std::string> required_files;  ///< `require_files:`, relative
};

/// The name of the file that makes a folder a project.
inline constexpr const char* project_file = "fresh-clone.yaml";

/// Whether anything lies at <folder>/fresh-clone.yaml: also a link to nothing or a folder, which reading
/// refuses.
bool has_project_file(const std::filesystem::path& folder);

/// Reads <folder>/fresh-clone.yaml and what it names in its own format. Throws base::Error (precheck) with
/// file:line:column, the line, and the nearest key for a key that nobody knows.
ProjectSpec load_project(const std::filesystem::path& folder);

/// `engine:` of <folder>/fresh-clone.yaml and nothing else of it, for the verbs that need no project: nothing
/// where there is no such file or no such key.
std::optional<std::string> declared_engine(const std::filesystem::path& folder);

}  // namespace fresh::pipeline
