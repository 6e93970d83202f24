#pragma once

#include "pipeline/project.h"
#include "pipeline/settings.h"

#include <filesystem>
#include <string>

namespace fresh::pipeline {

/// Reads what `-f -` means from standard input, to its end. Throws base::Error (precheck, usage).
void read_input(ComposeFlags& flags);

/// Where the state of a project without fresh-clone.yaml lies: in the user's data folder.
std::filesystem::path state_of_compose_project(const Surroundings& surroundings, const std::string& name,
                                               const std::filesystem::path& folder);

/// The project that the verbs of a day work on: fresh-clone.yaml of the project's folder with the compose
/// flags laid over it; where there is none, or `-f` names files elsewhere, compose files alone. Those are
/// found as docker compose does:
/// `-f`, else COMPOSE_FILE, else compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml with its
/// override, in the folder or the nearest one above. Their project's name: `-p`, COMPOSE_PROJECT_NAME,
/// `name:`, the folder. With a name and no files at all the project is what the engine's labels say. Moves
/// the state of such a project to the user's data folder. Throws base::Error (precheck) when nothing is
/// found.
ProjectSpec load_day_project(Surroundings& surroundings);

}  // namespace fresh::pipeline
