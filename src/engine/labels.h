#pragma once

#include <map>
#include <string>

/// The labels fresh-clone puts on what it makes: a schema. State in an engine is found again by these alone.
namespace fresh::engine::labels {

inline constexpr const char* tool = "io.freshclone.tool";  ///< `fresh-clone` on all that we make
inline constexpr const char* project = "io.freshclone.project";
inline constexpr const char* run = "io.freshclone.run";        ///< the run that made it
inline constexpr const char* role = "io.freshclone.role";      ///< `service`, `notebook`, `fetch`, `probe`
inline constexpr const char* inputs = "io.freshclone.inputs";  ///< on images: hash of all that went in

/// Names of anonymous volumes that a container got from the one before it, with commas between.
inline constexpr const char* inherited_volumes = "io.freshclone.inherited-volumes";

/// The labels that docker compose uses (`com.docker.compose.*`), so that other tools see the stack.
inline constexpr const char* compose_project = "com.docker.compose.project";
inline constexpr const char* compose_service = "com.docker.compose.service";
inline constexpr const char* compose_version = "com.docker.compose.version";
inline constexpr const char* compose_working_dir = "com.docker.compose.project.working_dir";
inline constexpr const char* compose_config_files = "com.docker.compose.project.config_files";
inline constexpr const char* compose_oneoff = "com.docker.compose.oneoff";
inline constexpr const char* compose_config_hash = "com.docker.compose.config-hash";
inline constexpr const char* compose_container_number = "com.docker.compose.container-number";
inline constexpr const char* compose_depends_on = "com.docker.compose.depends_on";
inline constexpr const char* compose_image = "com.docker.compose.image";
inline constexpr const char* compose_network = "com.docker.compose.network";
inline constexpr const char* compose_volume = "com.docker.compose.volume";

/// The value of a label, or empty.
inline std::string value_of(const std::map<std::string, std::string>& labels, const char* name) {
  const auto found = labels.find(name);
  return found == labels.end() ? std::string() : found->second;
}

}  // namespace fresh::engine::labels
