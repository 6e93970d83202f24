#pragma once

#include "images/base_system.h"
#include "images/spec.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace fresh::images {

/// Hash of all that goes into the image of a base system.
std::string base_key(const BaseSystem& system);

/// What stands for a pulled image in the keys of those built on it.
std::string pulled_key(const std::string& image_id);

/// Hash of all that goes into a build: the folder (without the lock) as it is sent, the Dockerfile's name,
/// the text of the lock, arguments, the key of the image below, and the rules of this program. An image's
/// name and the engine do not count.
std::string build_key(const BuildSource& build, const std::filesystem::path& project_folder,
                      std::string_view lock, std::string_view parent_key);

/// The lock's path relative to the build folder, empty when it is elsewhere.
std::string lock_in_folder(const BuildSource& build);

/// The text of a lock below the project, empty when it does not exist or none is declared.
std::string lock_text(const std::filesystem::path& project_folder, const std::string& lock);

}  // namespace fresh::images
