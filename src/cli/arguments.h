#pragma once

#include "pipeline/config.h"
#include "pipeline/day_requests.h"
#include "pipeline/settings.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace fresh::cli {

enum class Progress { automatic, plain, json, quiet };

struct RunVerb {
  pipeline::RunSettings settings;
  bool dry_run = false;
};
/// `up`, `create` and `scale`.
struct UpVerb {
  pipeline::UpRequest request;
  std::optional<pipeline::AttachRequest> attach = {};  ///< `up` stays
  bool prefix = true;                                  ///< of lines, where it stays
  bool colour = true;
};
struct DownVerb {
  pipeline::DownRequest request;
};
struct StatusVerb {};
/// What acts on containers that exist.
struct ContainerVerb {
  enum class Action { start, restart, stop, kill, pause, unpause, wait, remove };
  Action action = Action::start;
  std::vector<std::string> services = {};
  bool dependencies = true;  ///< restart: also those with `restart: true`
  std::string signal = "SIGKILL";
  bool force = false;           ///< rm: without asking
  bool stop_first = false;      ///< rm: also what runs
  bool volumes = false;         ///< rm: with anonymous volumes
  bool remove_orphans = false;  ///< kill
  bool down_project = false;    ///< wait
  std::optional<std::chrono::seconds> grace = {};
};
/// What only looks.
struct LookVerb {
  enum class Action { ps, top, stats, events, port, ls, volumes };
  Action action = Action::ps;
  std::vector<std::string> services = {};
  bool all = false;
  bool quiet = false;
  bool whole = false;                    ///< --no-trunc: templates show whole ids and commands
  std::string format = {};               ///< a template (RowTemplate), or empty
  bool names_only = false;               ///< ps --services
  bool once = false;                     ///< stats --no-stream
  bool orphans = true;                   ///< ps: also of services that the files do not have
  std::vector<std::string> status = {};  ///< ps --status: any of these
  std::string name = {};                 ///< ls --filter name=
  int index = 0;                         ///< port
  std::uint16_t port = 0;
  std::string protocol = "tcp";
};
struct LogsVerb {
  std::vector<std::string> services;
  engine::LogRequest request;
  int index = 0;  ///< 0: all containers of a service
  bool prefix = true;
  bool colour = true;
};
/// A command in a container: `exec`, `attach`, `run SERVICE`.
struct TalkVerb {
  enum class Action { exec, attach, run };
  Action action = Action::exec;
  pipeline::ContainerChoice choice = {};
  engine::ExecRequest command = {};      ///< exec
  pipeline::OneOffRequest one_off = {};  ///< run
  bool no_terminal = false;
  bool no_input = false;
  bool detach = false;
};
struct CopyVerb {
  std::string from;
  std::string to;
  int index = 0;
  bool follow_link = false;
};
/// The images of the services.
struct ServiceImagesVerb {
  enum class Action { build, pull, push, list };
  Action action = Action::list;
  pipeline::BuildServices build = {};
  std::vector<std::string> services = {};
  bool with_dependencies = false;
  bool ignore_failures = false;
  bool push = false;  ///< build --push
  bool quiet = false;
  std::string policy = {};
  std::string format = {};  ///< list: a template (RowTemplate), or empty
};
struct PlanVerb {
  pipeline::UpRequest request;
};
struct ConfigVerb {
  pipeline::ConfigRequest request;
  bool quiet = false;
  std::string output = {};  ///< a file; empty: standard output
};
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
  std::variant<ShowText, RunVerb, UpVerb, DownVerb, StatusVerb, ContainerVerb, LookVerb, LogsVerb, TalkVerb,
               CopyVerb, ServiceImagesVerb, PlanVerb, ConfigVerb, ValidateVerb, ImagesVerb, EngineVerb>
      verb = ShowText{};
};

/// Reads the command line; `environment` gives FRESH_CLONE_* for flags that are not given. `--help` and
/// `--version` become ShowText. Throws base::Error (usage) with the nearest known word for what it does not
/// know.
Arguments parse(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment);

}  // namespace fresh::cli
