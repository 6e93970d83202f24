#pragma once

#include "compose/load.h"
#include "compose/plan.h"
#include "compose/spec.h"
#include "pipeline/project.h"
#include "pipeline/settings.h"
#include "trust/credentials.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// The seed of a day's stack: where nobody says another.
inline constexpr std::int64_t day_seed = 42;

/// <project>/.fresh-clone/credentials.
std::filesystem::path credentials_folder(const Surroundings& surroundings);

/// Reads files from disk, and what `-f -` means from the surroundings.
compose::ReadFile reader_of_files(const Surroundings& surroundings);

/// The project's declared credentials in .fresh-clone/credentials, generated once.
std::vector<trust::Credential> ensure_project_credentials(const ProjectSpec& project,
                                                          const Surroundings& surroundings);

/// The name by which compose files can use a credential: `jupyter_token` is `${JUPYTER_TOKEN}`.
std::string variable_of(std::string credential);

/// The variables that compose files are interpolated with: the process's, the environment's declared ones,
/// the credentials (a placeholder for one that is not generated yet), DEMO_SEED.
std::map<std::string, std::string> stack_variables(const ProjectSpec& project,
                                                   const Surroundings& surroundings, std::int64_t seed);

/// What relative paths of the compose files count from. The project must have some.
std::filesystem::path working_folder(const ProjectSpec& project, const Surroundings& surroundings);

/// What the stack is loaded from, with the overlay that --environment names.
compose::LoadRequest stack_request(const ProjectSpec& project, const Surroundings& surroundings,
                                   std::int64_t seed, const std::vector<std::string>& profiles);

/// The stack as compose::load reads it.
compose::Project load_stack_model(const ProjectSpec& project, const Surroundings& surroundings,
                                  std::int64_t seed, const std::vector<std::string>& profiles);

/// The same with the profiles of the seeding service active.
compose::Project load_stack_with_seeder(const ProjectSpec& project, const Surroundings& surroundings,
                                        std::int64_t seed);

/// `stack.health` as the planner takes it.
std::map<std::string, compose::GateSetting> gate_settings(const ProjectSpec& project);

/// Refuses services that `stack.phases`, `stack.health`, `contracts` or `seed` name and the stack does not
/// have.
void check_stack_names(const ProjectSpec& project, const compose::Project& stack);

}  // namespace fresh::pipeline
