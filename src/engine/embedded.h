#pragma once

#include "engine/embedded_config.h"
#include "engine/endpoint.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace fresh::engine {

struct EmbeddedOptions {
  std::filesystem::path data_folder;  ///< the engine lives in `engine` below
  std::map<std::string, std::string> environment = {};
  std::chrono::milliseconds deadline{30'000};  ///< until it answers
  std::stop_token stop = {};
};

/// A private `podman system service` that outlives the driver.
struct EmbeddedEngine {
  Endpoint endpoint;
  bool reused = false;  ///< it ran already
  std::int64_t pid = 0;
  std::filesystem::path folder;
  std::filesystem::path log;
  std::vector<ConfigNote> notes;
  std::vector<std::string> limitations;
};

/// The options for this process: its environment.
EmbeddedOptions embedded_options_of_process(const std::filesystem::path& data_folder);

/// Starts the private engine, or finds the one that runs. What a dead one left (socket, record) is cleared
/// first. Throws base::Error (machine) when the machine lacks something, with the command that installs or
/// grants it, or when the service does not answer in time, with the end of its log.
EmbeddedEngine start_embedded(const EmbeddedOptions& options);

/// The private engine if it runs and answers.
std::optional<EmbeddedEngine> embedded_status(const EmbeddedOptions& options);

/// Ends the service (SIGTERM, after ten seconds SIGKILL), by its recorded pid and only if that is still the
/// process that was started. Its containers are not touched: remove them before. False when none ran.
bool stop_embedded(const EmbeddedOptions& options);

/// The folders of the engine that belongs to `data_folder`: the socket below the runtime folder, whose path
/// is short.
EngineFolders embedded_folders(const std::filesystem::path& data_folder, const std::string& runtime_dir);

}  // namespace fresh::engine
