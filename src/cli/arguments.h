#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pipeline/settings.h"

namespace fresh::cli {

enum class Progress { automatic, plain, json, quiet };

struct RunVerb {
  pipeline::RunSettings settings;
  bool dry_run = false;
};
struct UpVerb {
  std::vector<std::string> services;
  std::vector<std::string> profiles;
};
struct DownVerb {
  bool volumes = false;
};
struct StatusVerb {
  bool health = true;  ///< probe the services; `ps` only lists them
};
struct LogsVerb {
  std::vector<std::string> services;
  bool follow = false;
  std::optional<int> tail;
  bool timestamps = false;
};
struct PlanVerb {};
struct ConfigVerb {};
struct ValidateVerb {};
struct ImagesVerb {
  enum class Action { fetch, build, lock, list };
  Action action = Action::list;
  std::vector<std::string> names;
  bool locked = false;
  int jobs = 2;
};
struct EngineVerb {
  enum class Action { start, status, stop };
  Action action = Action::status;
};
struct ShowText {
  std::string text;
};

/// A parsed command line: plain data, no library type.
struct Arguments {
  pipeline::Surroundings surroundings = {};
  Progress progress = Progress::automatic;
  bool json = false;
  std::variant<ShowText, RunVerb, UpVerb, DownVerb, StatusVerb, LogsVerb, PlanVerb, ConfigVerb, ValidateVerb,
               ImagesVerb, EngineVerb>
      verb = ShowText{};
};

/// Reads the command line; `environment` gives FRESH_CLONE_* for flags that are not given. `--help` and `--version`
/// become ShowText. Throws base::Error (usage) with the nearest known word for what it does not know.
Arguments parse(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment);

}  // namespace fresh::cli
