#pragma once

#include "compose/plan.h"
#include "engine/types.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// What `up` and `create` are asked for, in docker compose's terms.
struct UpRequest {
  std::vector<std::string> services = {};
  std::vector<std::string> profiles = {};
  compose::Recreate recreate = compose::Recreate::changed;
  bool recreate_dependencies = false;
  bool dependencies = true;
  bool start = true;
  bool renew_volumes = false;  ///< -V: new anonymous volumes for containers that are made anew
  bool build = false;          ///< --build: also images that are there
  bool no_build = false;
  bool wait = false;  ///< --wait: services without a check must stay up for a moment
  bool remove_orphans = false;
  std::string pull = {};  ///< always, missing, never, build; empty: each service's pull_policy
  std::map<std::string, int> scale = {};
  std::optional<std::chrono::seconds> grace = {};
  std::optional<std::chrono::seconds> wait_timeout = {};
};

/// An `up` that stays with the containers, in docker compose's terms.
struct AttachRequest {
  std::vector<std::string> only = {};     ///< --attach; empty: as attachment_of() chooses
  std::vector<std::string> without = {};  ///< --no-attach
  bool dependencies = false;              ///< --attach-dependencies
  bool abort_on_exit = false;             ///< --abort-on-container-exit
  std::string exit_code_from = {};        ///< --exit-code-from: aborts, too
  bool timestamps = false;

  bool aborts() const { return abort_on_exit || !exit_code_from.empty(); }
};

/// A line of a container, or a word about its end.
struct OutputLine {
  std::string name;  ///< `web`, or `web-2` where there are several
  std::string text;
  bool is_end = false;
};

struct DownRequest {
  std::vector<std::string> services = {};  ///< empty: the whole project
  bool volumes = false;
  std::string images = {};  ///< --rmi: `local` (built here, without a name of their own) or `all`
  std::optional<std::chrono::seconds> grace = {};
};

/// `compose build` of services with `build`.
struct BuildServices {
  std::vector<std::string> services = {};
  bool cache = true;
  bool pull = false;
  bool with_dependencies = false;
  std::map<std::string, std::string> arguments = {};
};

/// An image that a verb made, pulled or pushed.
struct ServiceImage {
  std::string service;
  std::string image;
  std::string id = {};
};

/// A container as `ps`, `images`, `top` and `stats` show it.
struct StackContainer {
  std::string service;
  int number = 0;
  bool one_off = false;
  engine::Container container;
};

/// `run SERVICE`: a container of its own for one command.
struct OneOffRequest {
  std::string service;
  std::optional<std::vector<std::string>> command = {};
  std::optional<std::vector<std::string>> entrypoint = {};
  std::map<std::string, std::string> environment = {};
  std::map<std::string, std::string> labels = {};
  std::vector<std::string> volumes = {};  ///< `source:target[:ro]`
  std::vector<std::string> publish = {};  ///< `host:container[/protocol]`
  std::string name = {};
  std::string user = {};
  std::string working_dir = {};
  std::vector<std::string> cap_add = {};
  std::vector<std::string> cap_drop = {};
  bool remove = false;
  bool dependencies = true;
  bool remove_orphans = false;
  bool use_aliases = false;  ///< others in its networks find it under the names of the service
  bool service_ports = false;
  bool detach = false;
  bool tty = false;
  bool build = false;
  std::vector<std::string> profiles = {};
};

/// Who is meant by `SERVICE` and `--index`.
struct ContainerChoice {
  std::string service;
  int index = 0;  ///< 0: the first
};

/// A project that the engine holds, as `ls` shows it.
struct ListedProject {
  std::string name;
  std::string config_files;
  std::map<std::string, int> states;  ///< `running` -> 2
};

}  // namespace fresh::pipeline
