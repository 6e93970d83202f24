#pragma once

#include "compose/observe.h"
#include "compose/plan.h"
#include "compose/spec.h"
#include "environment/check.h"
#include "pipeline/project.h"
#include "pipeline/settings.h"
#include "vault/key_file.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// The key file of a project that declares a vault.
vault::KeyFile key_file_of(const ProjectSpec& project, const Surroundings& surroundings);

/// Whether git leaves the key file out of commits; the remedy where it does not.
environment::Check check_key_file(const ProjectSpec& project);

/// What holds the data of the service: its own volumes and folders of the host that it may write, else its
/// container; named as compose::plan_down names what it removes.
std::vector<std::string> data_holders(const compose::Project& stack, const std::string& service);

/// Removes the key file when all that held the data of its vault was removed in this very engine; its
/// subject, `file:NAME`, then, else nothing.
std::optional<std::string> remove_keys_of_removed(const ProjectSpec& project,
                                                  const Surroundings& surroundings,
                                                  const std::string& engine_uri,
                                                  const std::vector<std::string>& removed);

/// Whether the plan starts the service.
bool starts(const compose::Plan& plan, const std::string& service);

/// Whether the plan does anything with the service, were it only to wait for its gate.
bool concerns(const compose::Plan& plan, const std::string& service);

/// Whether a container of the service runs.
bool runs(const compose::Observed& observed, const std::string& service);

}  // namespace fresh::pipeline
