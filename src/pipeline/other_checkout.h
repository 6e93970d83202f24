#pragma once

#include "engine/types.h"
#include "pipeline/event_bus.h"
#include "pipeline/settings.h"

#include <filesystem>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// The folders, other than `own`, that containers of a project were made from, as compose's label
/// `project.working_dir` tells; sorted. A folder that is `own` by another path is not one.
std::vector<std::string> other_folders(const std::vector<engine::Container>& containers,
                                       const std::filesystem::path& own);

/// Two folders with one project name share one stack on an engine, and each has a lock of its own. Says
/// before anything is changed which other folders the project's containers came from. Throws base::Error
/// (locked) when a process works on the project from one of them now.
void mind_other_checkouts(const std::string& project, const std::filesystem::path& own,
                          const std::vector<engine::Container>& containers, const Surroundings& surroundings,
                          EventBus& bus);

}  // namespace fresh::pipeline
